import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { renewToken } from "#lib/inputs/inputs.ts";

export const POST = serve(contract.inputs.renewToken, ({ db, params }) => renewToken(db, params.id));
