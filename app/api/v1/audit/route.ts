import { serve } from "#app/api/_serve/serve.ts";
import { listDeeds } from "#lib/audit/trail.ts";
import { auditEndpoint } from "#lib/contract/audit.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(auditEndpoint, ({ db, query }) =>
  listDeeds(db, { ...query, ...parseSpan(query, Date.now()) }),
);
