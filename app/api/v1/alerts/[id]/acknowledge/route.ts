import { serve } from "#app/api/_serve/serve.ts";
import { acknowledgeAlert, unacknowledgeAlert } from "#lib/alerts/attend-alert.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alerts.acknowledge, ({ db, params, query, body, session }) =>
  acknowledgeAlert(db, { hostId: query.host, id: params.id, userId: session.user.id, now: Date.now() }, body),
);

export const DELETE = serve(contract.alerts.unacknowledge, ({ db, params, query, session }) =>
  unacknowledgeAlert(db, { hostId: query.host, id: params.id, userId: session.user.id, now: Date.now() }),
);
