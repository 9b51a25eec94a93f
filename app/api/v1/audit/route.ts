import { serve } from "#app/api/_serve/serve.ts";
import { listAuditEvents } from "#lib/audit/trail.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.audit.list, ({ db, query }) =>
  listAuditEvents(db, { ...query, ...parseSpan(query, Date.now()) }),
);
