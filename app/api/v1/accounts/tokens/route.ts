import { serve } from "#app/api/_serve/serve.ts";
import { listAllTokens } from "#lib/access/api-tokens.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.accounts.tokens, ({ db }) => listAllTokens(db));
