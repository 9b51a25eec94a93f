import { serve } from "#app/api/_serve/serve.ts";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readGuide } from "#lib/incidents/read-guide.ts";

export const GET = serve(contract.incidents.guide, async ({ db, params, query }) => {
  const incident = await readIncident(db, (await findHost(db, query.host)).id, params.id);
  return readGuide(db, incident, Date.now());
});
