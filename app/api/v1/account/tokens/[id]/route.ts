import { serve } from "#app/api/_serve/serve.ts";
import { removeToken } from "#lib/access/api-tokens.ts";
import { removeTokenEndpoint } from "#lib/contract/account.ts";

export const DELETE = serve(removeTokenEndpoint, ({ db, params, session }) =>
  removeToken(db, session.user.id, params.id),
);
