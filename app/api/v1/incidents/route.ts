import { serve } from "#app/api/_serve/serve.ts";
import { listIncidents } from "#lib/anomalies/list-incidents.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.incidents.list, ({ db, query }) =>
  listIncidents(db, { hostId: query.host, ongoing: query.ongoing, ...parseSpan(query, Date.now()) }, query.limit),
);
