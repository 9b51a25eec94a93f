import { serve } from "#app/api/_serve/serve.ts";
import { resultsEndpoint } from "#lib/contract/experiments.ts";
import { cancellable } from "#lib/db/cancellable.ts";
import { readExperiment } from "#lib/experiments/read.ts";
import { readResults } from "#lib/experiments/read-results.ts";

export const GET = serve(resultsEndpoint, ({ db, params, signal }) =>
  cancellable(db, signal, async (tx) => readResults(tx, await readExperiment(tx, params.id), Date.now())),
);
