import { serve } from "#app/api/_serve/serve.ts";
import { anomalyTimeline } from "#lib/anomalies/count-anomalies.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.anomalies.timeline, ({ db, query }) =>
  anomalyTimeline(db, { hostId: query.host, ...parseSpan(query, Date.now()), points: query.points }),
);
