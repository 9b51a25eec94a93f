import { serve } from "#app/api/_serve/serve.ts";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readTimeline } from "#lib/incidents/read-timeline.ts";

export const GET = serve(contract.incidents.timeline, async ({ db, params, query, session }) => {
  const incident = await readIncident(db, (await findHost(db, query.host)).id, params.id);
  return readTimeline(db, incident, session.user.id);
});
