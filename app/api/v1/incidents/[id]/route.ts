import { serve } from "#app/api/_serve/serve.ts";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import { updateAnomalyStatus } from "#lib/anomalies/update-anomalies.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.incidents.read, async ({ db, params, query }) =>
  readIncident(db, (await findHost(db, query.host)).id, params.id),
);

export const PATCH = serve(contract.incidents.update, async ({ db, params, query, body, session }) => {
  const hostId = (await findHost(db, query.host)).id;
  await updateAnomalyStatus(
    db,
    { hostId, incidentId: params.id },
    { ...body, userId: session.user.id, now: Date.now() },
  );
  return readIncident(db, hostId, params.id);
});
