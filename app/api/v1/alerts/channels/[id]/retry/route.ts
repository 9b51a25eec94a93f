import { serve } from "#app/api/_serve/serve.ts";
import { retryFailed } from "#lib/alerts/queue-deliveries.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alertChannels.retry, async ({ db, params }) => ({
  deliveries: await retryFailed(db, params.id, Date.now()),
}));
