import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { readExperiment } from "#lib/experiments/read.ts";
import { readSegments } from "#lib/experiments/read-results.ts";

export const GET = serve(contract.experiments.segments, async ({ db, params }) =>
  readSegments(db, await readExperiment(db, params.id)),
);
