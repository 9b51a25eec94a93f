import { serve } from "#app/api/_serve/serve.ts";
import { assignIncident } from "#lib/anomalies/assign-incident.ts";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const POST = serve(contract.incidents.assign, async ({ db, params, query, body, session }) => {
  const hostId = (await findHost(db, query.host)).id;
  const acting = { hostId, incidentId: params.id, userId: session.user.id, now: Date.now() };
  await assignIncident(db, acting, body.userId);
  return readIncident(db, hostId, params.id);
});
