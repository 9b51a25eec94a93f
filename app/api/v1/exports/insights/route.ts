import { serveExport } from "#app/api/_serve/file.ts";
import { exportInsightsEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("insights", exportInsightsEndpoint);
