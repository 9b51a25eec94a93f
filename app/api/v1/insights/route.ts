import { insightsEndpoint } from "#app/api/_contract/insights.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { readInsights } from "#lib/insights/insights.ts";
import { findHost } from "#lib/tsdb/catalog/series.ts";

export const GET = serve(insightsEndpoint, async ({ db, query }) =>
  readInsights(db, (await findHost(db, query.host)).id, Date.now()),
);
