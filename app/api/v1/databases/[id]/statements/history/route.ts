import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readStatementHistory } from "#lib/databases/statements.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.databaseActivity.statement, ({ db, params, query }) =>
  readStatementHistory(db, params.id, { query: query.query, ...parseSpan(query, Date.now()) }),
);
