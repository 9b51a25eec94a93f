import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { readInput, removeInput, updateInput } from "#lib/inputs/inputs.ts";

export const GET = serve(contract.inputs.read, ({ db, params }) => readInput(db, params.id));
export const PATCH = serve(contract.inputs.update, ({ db, params, body }) => updateInput(db, params.id, body));
export const DELETE = serve(contract.inputs.remove, ({ db, params }) => removeInput(db, params.id));
