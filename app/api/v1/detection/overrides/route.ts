import { overridesEndpoint, writeOverrideEndpoint } from "#app/api/_contract/anomalies.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { readOverrides, writeOverride } from "#lib/anomalies/overrides.ts";

export const GET = serve(overridesEndpoint, ({ db }) => readOverrides(db));

export const POST = serve(writeOverrideEndpoint, async ({ db, body, session }) => {
  await writeOverride(db, body, session.user.id);
  return readOverrides(db);
});
