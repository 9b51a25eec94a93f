import { serve } from "#app/api/_serve/serve.ts";
import { readThresholds } from "#lib/anomalies/policy.ts";
import { contract } from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { overviewCards } from "#lib/hosts/overview.ts";

export const GET = serve(contract.metrics.overview, async ({ db, query }) => {
  const host = await findHost(db, query.host);
  return overviewCards(db, host.id, Date.now(), await readThresholds(db, host.id));
});
