import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { readResults } from "#lib/experiments/read-results.ts";

export const GET = serve(contract.experiments.verdict, async ({ db, params }) => {
  const experiment = await readExperiment(db, params.id);
  const { verdict } = await readResults(db, experiment, Date.now());
  return { experiment: experiment.key, status: experiment.status, ...verdict };
});
