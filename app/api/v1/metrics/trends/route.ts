import { serve } from "#app/api/_serve/serve.ts";
import { trendsEndpoint } from "#lib/contract/metrics.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readTrends } from "#lib/insights/disk-trends.ts";

export const GET = serve(trendsEndpoint, async ({ db, query }) => {
  const host = await findHost(db, query.host);
  return readTrends(db, host.id, query.hours, Date.now());
});
