import { serve } from "#app/api/_serve/serve.ts";
import { commentAlert } from "#lib/alerts/attend-alert.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alerts.comment, ({ db, params, query, body, session }) =>
  commentAlert(db, { hostId: query.host, id: params.id, userId: session.user.id, now: Date.now() }, body.text),
);
