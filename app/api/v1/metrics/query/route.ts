import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { cancellable } from "#lib/db/cancellable.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { parseInstant } from "#lib/time/instant.ts";
import { queryRange } from "#lib/tsdb/query.ts";

export const GET = serve(contract.metrics.query, async ({ db, query, signal }) => {
  const now = Date.now();
  const host = await findHost(db, query.host);
  const range = {
    ...query,
    hostId: host.id,
    from: parseInstant(query.from, "from", now),
    to: parseInstant(query.to, "to", now),
    stepMs: query.step,
    shiftMs: query.shift,
  };
  return cancellable(db, signal, (tx) => queryRange(tx, range));
});
