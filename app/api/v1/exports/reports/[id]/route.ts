import { exportReportEndpoint } from "#app/api/_contract/exports.ts";
import { serveExport } from "#app/api/_serve/file.ts";

export const GET = serveExport("report", exportReportEndpoint);
