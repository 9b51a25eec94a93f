import { serveExport } from "#app/api/_serve/file.ts";
import { exportReportEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("report", exportReportEndpoint);
