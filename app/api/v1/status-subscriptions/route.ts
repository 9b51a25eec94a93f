import { serve } from "#app/api/_serve/serve.ts";
import { confirmSubscription, endSubscription } from "#lib/alerts/status-subscribers.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.statusPages.confirm, ({ db, query }) =>
  confirmSubscription(db, query.token, Date.now()),
);

export const DELETE = serve(contract.statusPages.unsubscribe, ({ db, query }) => endSubscription(db, query.token));
