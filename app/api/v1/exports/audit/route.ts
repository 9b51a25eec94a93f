import { exportAuditEndpoint } from "#app/api/_contract/exports.ts";
import { fileOf } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { auditTable } from "#lib/export/lists.ts";
import { parseSpan } from "#lib/query/instant.ts";

export const GET = serve(exportAuditEndpoint, async ({ db, query, session }) => {
  const span = parseSpan(query, Date.now());
  return fileOf(auditTable(db, span), { db, session, name: "audit", format: query.format, details: span });
});
