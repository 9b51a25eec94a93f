import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { amendExperiment, writeDraft } from "#lib/experiments/write-experiments.ts";

export const GET = serve(contract.experiments.read, ({ db, params }) => readExperiment(db, params.id));

export const PUT = serve(contract.experiments.replace, async ({ db, params, body, session }) => {
  const { id } = await readExperiment(db, params.id);
  await writeDraft(db, id, body, { userId: session.user.id, now: Date.now() });
  return readExperiment(db, String(id));
});

export const PATCH = serve(contract.experiments.update, async ({ db, params, body, session }) => {
  const { id } = await readExperiment(db, params.id);
  await amendExperiment(db, id, body, { userId: session.user.id, now: Date.now() });
  return readExperiment(db, String(id));
});
