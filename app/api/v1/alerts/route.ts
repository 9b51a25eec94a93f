import { serve } from "#app/api/_serve/serve.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.alerts.list, ({ db, query: { host, state, limit, ...span } }) =>
  listAlerts(db, { hostId: host, states: state, limit, ...parseSpan(span, Date.now()) }),
);
