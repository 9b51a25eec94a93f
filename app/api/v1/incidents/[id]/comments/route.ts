import { serve } from "#app/api/_serve/serve.ts";
import { addComment, listComments } from "#lib/anomalies/incident-events.ts";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.incidents.comments, async ({ db, params, query, session }) => {
  const { hostId, id } = await readIncident(db, (await findHost(db, query.host)).id, params.id);
  return listComments(db, { hostId, incidentId: id }, session.user.id, query);
});

export const POST = serve(contract.incidents.addComment, async ({ db, params, query, body, session }) => {
  const { hostId, id } = await readIncident(db, (await findHost(db, query.host)).id, params.id);
  return addComment(db, { hostId, incidentId: id, userId: session.user.id, now: Date.now() }, body.text);
});
