import { serve } from "#app/api/_serve/serve.ts";
import { assignAlert } from "#lib/alerts/attend-alert.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alerts.assign, ({ db, params, query, body, session }) =>
  assignAlert(db, { hostId: query.host, id: params.id, userId: session.user.id, now: Date.now() }, body.userId),
);
