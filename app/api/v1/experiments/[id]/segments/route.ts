import { serve } from "#app/api/_serve/serve.ts";
import { segmentsEndpoint } from "#lib/contract/experiments.ts";
import { readExperiment } from "#lib/experiments/read.ts";
import { readSegments } from "#lib/experiments/read-results.ts";

export const GET = serve(segmentsEndpoint, async ({ db, params }) =>
  readSegments(db, await readExperiment(db, params.id)),
);
