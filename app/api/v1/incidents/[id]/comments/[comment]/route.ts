import { serve } from "#app/api/_serve/serve.ts";
import { editComment, removeComment } from "#lib/anomalies/incident-events.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const PATCH = serve(contract.incidents.editComment, async ({ db, params, query, body, session }) => {
  const hostId = (await findHost(db, query.host)).id;
  const which = { hostId, incidentId: params.id, commentId: params.comment, userId: session.user.id, now: Date.now() };
  return editComment(db, which, body.text);
});

export const DELETE = serve(contract.incidents.removeComment, async ({ db, params, query, session }) => {
  const hostId = (await findHost(db, query.host)).id;
  const which = { hostId, incidentId: params.id, commentId: params.comment, userId: session.user.id, now: Date.now() };
  await removeComment(db, which);
});
