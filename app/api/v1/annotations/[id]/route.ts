import { serve } from "#app/api/_serve/serve.ts";
import { removeAnnotation } from "#lib/annotations/annotations.ts";
import * as contract from "#lib/contract/index.ts";

export const DELETE = serve(contract.annotations.remove, ({ db, params }) => removeAnnotation(db, params.id));
