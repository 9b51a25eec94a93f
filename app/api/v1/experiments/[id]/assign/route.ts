import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { assignSubject } from "#lib/experiments/assign-subjects.ts";

export const POST = serve(contract.experiments.assign, ({ db, params, body }) =>
  assignSubject(db, params.id, body, Date.now()),
);
