import { askerFor } from "#app/api/_serve/ask.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { holds } from "#lib/access/permissions.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { mcp } from "#lib/contract/mcp.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";

// The SDK is some 100 modules: they are loaded by the first assistant that asks.
export const POST = serve(mcp.call, async ({ db, request, body, session }) => {
  const { answerMessage } = await import("#app/mcp/_server.ts");
  const base = portalUrl(readEnvironment());
  const portal = {
    ask: askerFor(request),
    assertHost: (id: number) => assertHosts(db, [id], "host"),
    page: (path: string) => base + path,
    now: Date.now(),
  };
  return answerMessage(request, body, portal, (permission) => holds(session, permission));
});
