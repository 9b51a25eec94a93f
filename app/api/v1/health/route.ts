import { serve } from "#app/api/_serve/serve.ts";
import { VERSION } from "#lib/config/version.ts";
import { healthEndpoint } from "#lib/contract/settings.ts";
import { checkHealth } from "#lib/hosts/health.ts";

export const GET = serve(healthEndpoint, async ({ db }) => {
  const health = await checkHealth(db, VERSION);
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
});
