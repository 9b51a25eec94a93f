import { serveExport } from "#app/api/_serve/file.ts";
import { exportAuditEndpoint } from "#lib/contract/exports.ts";

export const GET = serveExport("audit", exportAuditEndpoint);
