import { serve } from "#app/api/_serve/serve.ts";
import { readOverrides, writeOverride } from "#lib/anomalies/overrides.ts";
import { overridesEndpoint, writeOverrideEndpoint } from "#lib/contract/anomalies.ts";

export const GET = serve(overridesEndpoint, ({ db }) => readOverrides(db));

export const POST = serve(writeOverrideEndpoint, async ({ db, body, session }) => {
  await writeOverride(db, body, session.user.id);
  return readOverrides(db);
});
