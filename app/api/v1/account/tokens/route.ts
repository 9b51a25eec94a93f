import { serve } from "#app/api/_serve/serve.ts";
import { createToken, listTokens } from "#lib/access/api-tokens.ts";
import { createTokenEndpoint, tokensEndpoint } from "#lib/contract/account.ts";

export const GET = serve(tokensEndpoint, ({ db, session }) => listTokens(db, session.user.id));

export const POST = serve(createTokenEndpoint, ({ db, body, session }) => createToken(db, session.user.id, body));
