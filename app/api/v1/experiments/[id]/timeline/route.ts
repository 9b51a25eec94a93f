import { serve } from "#app/api/_serve/serve.ts";
import { timelineEndpoint } from "#lib/contract/experiments.ts";
import { readExperiment } from "#lib/experiments/read.ts";
import { readTimeline } from "#lib/experiments/read-results.ts";

export const GET = serve(timelineEndpoint, async ({ db, params, query }) =>
  readTimeline(db, await readExperiment(db, params.id), query.metric),
);
