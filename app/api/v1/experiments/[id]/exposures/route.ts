import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { expose } from "#lib/experiments/subjects.ts";

export const POST = serve(contract.experiments.recordExposures, async ({ db, params, body: { exposures } }) => {
  const now = Date.now();
  const fresh = await expose(
    db,
    params.id,
    exposures.map((one) => ({ ...one, at: one.at ?? now })),
  );
  return { received: exposures.length, fresh };
});
