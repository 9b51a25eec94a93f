import { preflight } from "#app/api/_serve/cors.ts";
import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { assignSubject } from "#lib/experiments/assign-subjects.ts";

export const POST = serve(contract.experiments.assign, ({ db, key, params, body }) =>
  assignSubject(db, params.id, body, { key, now: Date.now() }),
);

export const OPTIONS = preflight(contract.experiments.assign);
