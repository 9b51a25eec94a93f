import { serve } from "#app/api/_serve/serve.ts";
import { removeCheck, replaceCheck } from "#lib/checks/checks.ts";
import * as contract from "#lib/contract/index.ts";

export const PUT = serve(contract.checks.replace, ({ db, params, body, session }) =>
  replaceCheck(db, params.id, body, session.user),
);

export const DELETE = serve(contract.checks.remove, ({ db, params }) => removeCheck(db, params.id));
