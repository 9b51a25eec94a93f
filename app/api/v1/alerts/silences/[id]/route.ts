import { serve } from "#app/api/_serve/serve.ts";
import { endSilence } from "#lib/alerts/end-silence.ts";
import * as contract from "#lib/contract/index.ts";

export const DELETE = serve(contract.alertSilences.remove, ({ db, params }) => endSilence(db, params.id, Date.now()));
