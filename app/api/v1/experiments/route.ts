import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listExperiments, readExperiment } from "#lib/experiments/read-experiments.ts";
import { createExperiment } from "#lib/experiments/write-experiments.ts";
import { parseInstant } from "#lib/time/instant.ts";

export const GET = serve(contract.experiments.list, ({ db, query: { since, ...filter } }) =>
  listExperiments(db, {
    ...filter,
    since: since === undefined ? undefined : parseInstant(since, "since", Date.now()),
  }),
);

export const POST = serve(contract.experiments.create, async ({ db, body, session }) => {
  const id = await createExperiment(db, body, { userId: session.user.id, now: Date.now() });
  return readExperiment(db, String(id));
});
