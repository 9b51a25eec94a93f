import { serveExport } from "#app/api/_serve/file.ts";
import { exportAnomaliesEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("anomalies", exportAnomaliesEndpoint);
