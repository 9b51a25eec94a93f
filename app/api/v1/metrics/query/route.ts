import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { reader, reading } from "#lib/db/reading.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { parseInstant } from "#lib/time/instant.ts";
import { queryRange } from "#lib/tsdb/query.ts";

export const GET = serve(contract.metrics.query, async ({ db, query, signal }) => {
  const now = Date.now();
  const host = await findHost(reader(db), query.host);
  const range = {
    ...query,
    hostId: host.id,
    from: parseInstant(query.from, "from", now),
    to: parseInstant(query.to, "to", now),
    stepMs: query.step,
    shiftMs: query.shift,
  };
  return reading(db, signal, (own) => queryRange(own, range));
});
