import { serve } from "#app/api/_serve/serve.ts";
import { revokeToken } from "#lib/access/api-tokens.ts";
import * as contract from "#lib/contract/index.ts";

export const DELETE = serve(contract.accounts.removeToken, ({ db, params }) => revokeToken(db, params.id));
