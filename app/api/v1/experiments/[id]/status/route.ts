import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { moveExperiment } from "#lib/experiments/write-experiments.ts";

export const POST = serve(contract.experiments.transition, async ({ db, params, body, session }) => {
  const { id } = await readExperiment(db, params.id);
  await moveExperiment(db, id, body.action, { userId: session.user.id, now: Date.now() }, body.reason);
  return readExperiment(db, String(id));
});
