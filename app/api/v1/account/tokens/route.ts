import { createTokenEndpoint, tokensEndpoint } from "#app/api/_contract/account.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { createToken, listTokens } from "#lib/access/api-tokens.ts";

export const GET = serve(tokensEndpoint, ({ db, session }) => listTokens(db, session.user.id));

export const POST = serve(createTokenEndpoint, ({ db, body, session }) => createToken(db, session.user.id, body));
