import { serve } from "#app/api/_serve/serve.ts";
import { updateRecommendationEndpoint } from "#lib/contract/insights.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { updateRecommendationStatus } from "#lib/insights/insights.ts";

export const POST = serve(updateRecommendationEndpoint, async ({ db, query, body, session }) =>
  updateRecommendationStatus(db, (await findHost(db, query.host)).id, body, {
    userId: session.user.id,
    now: Date.now(),
  }),
);
