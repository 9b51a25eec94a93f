import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { cancellable } from "#lib/db/cancellable.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { readResults } from "#lib/experiments/read-results.ts";

export const GET = serve(contract.experiments.results, ({ db, params, signal }) =>
  cancellable(db, signal, async (tx) => readResults(tx, await readExperiment(tx, params.id), Date.now())),
);
