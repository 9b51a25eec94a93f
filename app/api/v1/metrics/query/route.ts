import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { cancellable } from "#lib/db/cancellable.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { parseDuration, parseInstant } from "#lib/time/instant.ts";
import { queryRange } from "#lib/tsdb/query.ts";

export const GET = serve(contract.metrics.query, async ({ db, query, signal }) => {
  const now = Date.now();
  const host = await findHost(db, query.host);
  const range = {
    ...query,
    hostId: host.id,
    from: parseInstant(query.from, "from", now),
    to: parseInstant(query.to, "to", now),
    stepMs: query.step ? parseDuration(query.step, "step") : undefined,
    shiftMs: query.shift ? parseDuration(query.shift, "shift") : undefined,
    shape: query.shape === "true",
  };
  return cancellable(db, signal, (tx) => queryRange(tx, range));
});
