import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { readTimeline } from "#lib/experiments/read-results.ts";

export const GET = serve(contract.experiments.timeline, async ({ db, params, query }) =>
  readTimeline(db, await readExperiment(db, params.id), query.metric),
);
