import { verdictEndpoint } from "#app/api/_contract/experiments.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { readResults } from "#lib/query/experiment-results.ts";
import { readExperiment } from "#lib/query/experiments.ts";

export const GET = serve(verdictEndpoint, async ({ db, params }) => {
  const experiment = await readExperiment(db, params.id);
  const { verdict } = await readResults(db, experiment, Date.now());
  return { experiment: experiment.key, status: experiment.status, ...verdict };
});
