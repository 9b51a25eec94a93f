import { serve } from "#app/api/_serve/serve.ts";
import { listIncidents, listOngoingIncidents } from "#lib/anomalies/list-incidents.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.incidents.list, ({ db, query }) =>
  query.ongoing
    ? listOngoingIncidents(db, query.host, query.limit)
    : listIncidents(db, { hostId: query.host, ...parseSpan(query, Date.now()) }, query.limit),
);
