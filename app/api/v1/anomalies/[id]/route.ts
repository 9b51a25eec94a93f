import { serve } from "#app/api/_serve/serve.ts";
import { readAnomaly } from "#lib/anomalies/list-anomalies.ts";
import { updateAnomalyStatus } from "#lib/anomalies/update-anomalies.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.anomalies.read, async ({ db, params, query }) =>
  readAnomaly(db, (await findHost(db, query.host)).id, params.id),
);

export const PATCH = serve(contract.anomalies.update, async ({ db, params, query, body, session }) => {
  const hostId = (await findHost(db, query.host)).id;
  await updateAnomalyStatus(db, { hostId, id: params.id }, { ...body, userId: session.user.id, now: Date.now() });
  return readAnomaly(db, hostId, params.id);
});
