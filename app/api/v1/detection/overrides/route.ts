import { serve } from "#app/api/_serve/serve.ts";
import { readOverrides, writeOverride } from "#lib/anomalies/overrides.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.detection.overrides, ({ db }) => readOverrides(db));

export const PUT = serve(contract.detection.saveOverride, async ({ db, body, session }) => {
  await writeOverride(db, body, session.user.id);
  return readOverrides(db);
});
