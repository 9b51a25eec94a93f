import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { removePublishableKey } from "#lib/experiments/publishable-keys.ts";

export const DELETE = serve(contract.publishableKeys.remove, ({ db, params }) => removePublishableKey(db, params.id));
