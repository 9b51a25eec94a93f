import { serve } from "#app/api/_serve/serve.ts";
import { listIncidents } from "#lib/anomalies/list-incidents.ts";
import { incidentsEndpoint } from "#lib/contract/anomalies.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(incidentsEndpoint, ({ db, query }) =>
  listIncidents(db, { hostId: query.host, ...parseSpan(query, Date.now()) }, query.limit),
);
