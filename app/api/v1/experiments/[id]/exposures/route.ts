import { serve } from "#app/api/_serve/serve.ts";
import { exposuresEndpoint } from "#lib/contract/experiments.ts";
import { expose } from "#lib/experiments/subjects.ts";

export const POST = serve(exposuresEndpoint, async ({ db, params, body: { exposures } }) => {
  const now = Date.now();
  const fresh = await expose(
    db,
    params.id,
    exposures.map((one) => ({ ...one, at: one.at ?? now })),
  );
  return { received: exposures.length, fresh };
});
