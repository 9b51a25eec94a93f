import { serve } from "#app/api/_serve/serve.ts";
import { removeInhibition } from "#lib/alerts/inhibitions.ts";
import * as contract from "#lib/contract/index.ts";

export const DELETE = serve(contract.alertRouting.removeInhibition, ({ db, params }) =>
  removeInhibition(db, params.id),
);
