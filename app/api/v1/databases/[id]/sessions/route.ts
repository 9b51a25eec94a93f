import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readSessionHistory } from "#lib/databases/session-history.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.databaseActivity.sessions, ({ db, params, query }) =>
  readSessionHistory(db, params.id, { by: query.by, ...parseSpan(query, Date.now()) }),
);
