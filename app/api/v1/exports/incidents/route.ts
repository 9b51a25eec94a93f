import { serveExport } from "#app/api/_serve/file.ts";
import { exportIncidentsEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("incidents", exportIncidentsEndpoint);
