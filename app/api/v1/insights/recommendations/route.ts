import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { updateRecommendationStatus } from "#lib/insights/insights.ts";

export const PATCH = serve(contract.insights.updateRecommendation, async ({ db, query, body, session }) =>
  updateRecommendationStatus(db, (await findHost(db, query.host)).id, body, {
    userId: session.user.id,
    now: Date.now(),
  }),
);
