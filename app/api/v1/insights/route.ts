import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readInsights } from "#lib/insights/insights.ts";

export const GET = serve(contract.insights.read, async ({ db, query }) =>
  readInsights(db, (await findHost(db, query.host)).id, Date.now()),
);
