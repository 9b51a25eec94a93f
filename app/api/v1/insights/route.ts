import { serve } from "#app/api/_serve/serve.ts";
import { insightsEndpoint } from "#lib/contract/insights.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readInsights } from "#lib/insights/insights.ts";

export const GET = serve(insightsEndpoint, async ({ db, query }) =>
  readInsights(db, (await findHost(db, query.host)).id, Date.now()),
);
