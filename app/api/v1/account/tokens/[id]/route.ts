import { serve } from "#app/api/_serve/serve.ts";
import { removeToken } from "#lib/access/api-tokens.ts";
import * as contract from "#lib/contract/index.ts";

export const DELETE = serve(contract.account.removeToken, ({ db, params, session }) =>
  removeToken(db, session.user.id, params.id),
);
