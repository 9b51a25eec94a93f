import { insightsEndpoint } from "#app/api/_contract/insights.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readInsights } from "#lib/insights/insights.ts";

export const GET = serve(insightsEndpoint, async ({ db, query }) =>
  readInsights(db, (await findHost(db, query.host)).id, Date.now()),
);
