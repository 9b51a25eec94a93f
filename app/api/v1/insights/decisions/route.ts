import { serve } from "#app/api/_serve/serve.ts";
import { decideRecommendationEndpoint } from "#lib/contract/insights.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { decideOn } from "#lib/insights/insights.ts";

export const POST = serve(decideRecommendationEndpoint, async ({ db, query, body, session }) =>
  decideOn(db, (await findHost(db, query.host)).id, body, { userId: session.user.id, now: Date.now() }),
);
