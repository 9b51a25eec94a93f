import { serve } from "#app/api/_serve/serve.ts";
import { listAuditEvents } from "#lib/audit/trail.ts";
import { auditEndpoint } from "#lib/contract/audit.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(auditEndpoint, ({ db, query }) =>
  listAuditEvents(db, { ...query, ...parseSpan(query, Date.now()) }),
);
