import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listUpcoming } from "#lib/insights/upcoming.ts";

export const GET = serve(contract.insights.upcoming, ({ db }) => listUpcoming(db));
