import { serve } from "#app/api/_serve/serve.ts";
import { createToken, listTokens } from "#lib/access/api-tokens.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.account.tokens, ({ db, session }) => listTokens(db, session.user.id));

export const POST = serve(contract.account.createToken, ({ db, body, session }) => createToken(db, session.user, body));
