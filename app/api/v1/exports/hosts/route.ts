import { serveExport } from "#app/api/_serve/file.ts";
import { exportHostsEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("hosts", exportHostsEndpoint);
