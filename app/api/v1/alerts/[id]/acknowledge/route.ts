import { serve } from "#app/api/_serve/serve.ts";
import { acknowledgeAlert } from "#lib/alerts/list-alerts.ts";
import { contract } from "#lib/contract/index.ts";

export const POST = serve(contract.alerts.acknowledge, ({ db, params, query, body, session }) =>
  acknowledgeAlert(
    db,
    { hostId: query.host, id: params.id },
    { userId: session.user.id, comment: body.comment, now: Date.now() },
  ),
);
