import { serve } from "#app/api/_serve/serve.ts";
import { experimentHistoryEndpoint } from "#lib/contract/experiments.ts";
import { readExperiment, readHistory, readVerdicts } from "#lib/experiments/read.ts";

export const GET = serve(experimentHistoryEndpoint, async ({ db, params }) => {
  const { id } = await readExperiment(db, params.id);
  return { changes: await readHistory(db, id), verdicts: await readVerdicts(db, id) };
});
