import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { wordRecommendation } from "#lib/insights/insights.ts";

export const GET = serve(contract.insights.wording, async ({ db, query }) =>
  wordRecommendation(db, (await findHost(db, query.host)).id, query.key, { secret: sessionSecret(), now: Date.now() }),
);
