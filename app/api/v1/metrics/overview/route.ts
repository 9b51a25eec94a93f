import { serve } from "#app/api/_serve/serve.ts";
import { overviewEndpoint } from "#lib/contract/metrics.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { overviewCards } from "#lib/hosts/overview.ts";

export const GET = serve(overviewEndpoint, async ({ db, query }) => {
  const host = await findHost(db, query.host);
  return overviewCards(db, host.id, Date.now());
});
