import { serve } from "#app/api/_serve/serve.ts";
import { amendExperimentEndpoint, experimentEndpoint, writeDraftEndpoint } from "#lib/contract/experiments.ts";
import { readExperiment } from "#lib/experiments/read.ts";
import { amendExperiment, writeDraft } from "#lib/experiments/write.ts";

export const GET = serve(experimentEndpoint, ({ db, params }) => readExperiment(db, params.id));

export const POST = serve(writeDraftEndpoint, async ({ db, params, body, session }) => {
  const { id } = await readExperiment(db, params.id);
  await writeDraft(db, id, body, { userId: session.user.id, now: Date.now() });
  return readExperiment(db, String(id));
});

export const PATCH = serve(amendExperimentEndpoint, async ({ db, params, body, session }) => {
  const { id } = await readExperiment(db, params.id);
  await amendExperiment(db, id, body, { userId: session.user.id, now: Date.now() });
  return readExperiment(db, String(id));
});
