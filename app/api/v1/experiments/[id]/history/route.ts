import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readExperiment, readHistory, readVerdicts } from "#lib/experiments/read-experiments.ts";

export const GET = serve(contract.experiments.history, async ({ db, params }) => {
  const { id } = await readExperiment(db, params.id);
  return { changes: await readHistory(db, id), verdicts: await readVerdicts(db, id) };
});
