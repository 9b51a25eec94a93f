import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readTrends } from "#lib/insights/disk-trends.ts";

export const GET = serve(contract.metrics.trends, async ({ db, query }) => {
  const host = await findHost(db, query.host);
  return readTrends(db, host.id, query.hours, Date.now());
});
