import { trendsEndpoint } from "#app/api/_contract/metrics.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { readTrends } from "#lib/insights/disk-trends.ts";
import { findHost } from "#lib/tsdb/catalog/series.ts";

export const GET = serve(trendsEndpoint, async ({ db, query }) => {
  const host = await findHost(db, query.host);
  return readTrends(db, host.id, query.hours, Date.now());
});
