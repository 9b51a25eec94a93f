import { serveExport } from "#app/api/_serve/file.ts";
import { exportExperimentEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("experiment", exportExperimentEndpoint);
