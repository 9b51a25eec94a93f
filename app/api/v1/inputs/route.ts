import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { createInput, listInputs } from "#lib/inputs/inputs.ts";

export const GET = serve(contract.inputs.list, ({ db }) => listInputs(db));
export const POST = serve(contract.inputs.create, ({ db, body, session }) => createInput(db, body, session.user.id));
