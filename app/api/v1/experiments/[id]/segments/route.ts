import { segmentsEndpoint } from "#app/api/_contract/experiments.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { readSegments } from "#lib/query/experiment-results.ts";
import { readExperiment } from "#lib/query/experiments.ts";

export const GET = serve(segmentsEndpoint, async ({ db, params }) =>
  readSegments(db, await readExperiment(db, params.id)),
);
