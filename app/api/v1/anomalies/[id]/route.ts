import { serve } from "#app/api/_serve/serve.ts";
import { readAnomaly } from "#lib/anomalies/read.ts";
import { decide } from "#lib/anomalies/write.ts";
import { anomalyEndpoint, decideAnomalyEndpoint } from "#lib/contract/anomalies.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(anomalyEndpoint, async ({ db, params, query }) =>
  readAnomaly(db, (await findHost(db, query.host)).id, params.id),
);

export const PATCH = serve(decideAnomalyEndpoint, async ({ db, params, query, body, session }) => {
  const hostId = (await findHost(db, query.host)).id;
  await decide(db, { hostId, id: params.id }, { ...body, userId: session.user.id, now: Date.now() });
  return readAnomaly(db, hostId, params.id);
});
