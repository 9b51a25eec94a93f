import { serveExport } from "#app/api/_serve/file.ts";
import { exportExperimentsEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("experiments", exportExperimentsEndpoint);
