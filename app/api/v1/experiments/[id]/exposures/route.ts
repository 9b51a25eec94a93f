import { preflight } from "#app/api/_serve/cors.ts";
import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { recordExposures } from "#lib/experiments/assign-subjects.ts";

export const POST = serve(contract.experiments.recordExposures, async ({ db, key, params, body: { exposures } }) => {
  const now = Date.now();
  const fresh = await recordExposures(
    db,
    params.id,
    exposures.map((exposure) => ({ ...exposure, at: exposure.at ?? now })),
    key,
  );
  return { received: exposures.length, fresh };
});

export const OPTIONS = preflight(contract.experiments.recordExposures);
