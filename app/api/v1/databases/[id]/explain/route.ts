import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { explainStatement } from "#lib/databases/explain.ts";

export const POST = serve(contract.databaseActivity.explain, ({ db, params, body }) =>
  explainStatement(db, params.id, body),
);
