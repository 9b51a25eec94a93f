import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { renewToken } from "#lib/inputs/inputs.ts";

export const POST = serve(contract.inputs.renewToken, async ({ db, params }) => ({
  ...(await renewToken(db, params.id)),
  // Only what sends has a token.
  scrape: null,
  targets: null,
}));
