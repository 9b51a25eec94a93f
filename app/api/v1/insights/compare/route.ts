import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { compareAround, TREND_METRICS } from "#lib/insights/trends.ts";
import { parseInstant, zoneOffset } from "#lib/time/instant.ts";

export const GET = serve(contract.insights.compare, async ({ db, query }) => {
  const at = parseInstant(query.at, "at", Date.now());
  return compareAround(db, {
    hostId: (await findHost(db, query.host)).id,
    metrics: query.metric ?? TREND_METRICS,
    at,
    beforeMs: query.before,
    afterMs: query.after,
    zoneOffsetMs: query.zone ? zoneOffset(query.zone, at) : 0,
  });
});
