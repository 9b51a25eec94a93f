import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listStatements } from "#lib/databases/statements.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.databaseActivity.statements, async ({ db, params, query }) => {
  const { sort, limit } = query;
  const { from, to } = parseSpan(query, Date.now());
  const statements = await listStatements(db, params.id, { from, to, sort, limit });
  return { from: new Date(from), to: new Date(to), statements };
});
