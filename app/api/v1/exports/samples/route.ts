import { serveExport } from "#app/api/_serve/file.ts";
import { exportSamplesEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("samples", exportSamplesEndpoint);
