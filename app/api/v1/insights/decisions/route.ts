import { decideRecommendationEndpoint } from "#app/api/_contract/insights.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { decideOn } from "#lib/insights/insights.ts";
import { findHost } from "#lib/tsdb/catalog/series.ts";

export const POST = serve(decideRecommendationEndpoint, async ({ db, query, body, session }) =>
  decideOn(db, (await findHost(db, query.host)).id, body, { userId: session.user.id, now: Date.now() }),
);
