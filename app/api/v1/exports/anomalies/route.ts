import { serveExport } from "#app/api/_serve/file.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serveExport("anomalies", contract.exports.anomalies);
