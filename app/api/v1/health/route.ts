import { jsonResponse, serve } from "#app/api/_serve/serve.ts";
import { VERSION } from "#lib/config/version.ts";
import { contract } from "#lib/contract/index.ts";
import { checkHealth } from "#lib/hosts/health.ts";

export const GET = serve(contract.system.health, async ({ db }) => {
  const health = await checkHealth(db, VERSION);
  return jsonResponse(contract.system.health, health, health.status === "ok" ? 200 : 503);
});
