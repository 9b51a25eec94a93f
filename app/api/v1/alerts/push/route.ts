import { serve } from "#app/api/_serve/serve.ts";
import { addSubscription, pushKey, removeSubscription } from "#lib/alerts/channels/push.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertPush.key, async () => pushKey());

export const POST = serve(contract.alertPush.subscribe, ({ db, body, session }) =>
  addSubscription(db, session.user.id, body),
);

export const DELETE = serve(contract.alertPush.unsubscribe, ({ db, query, session }) =>
  removeSubscription(db, session.user.id, query.endpoint),
);
