import { serve } from "#app/api/_serve/serve.ts";
import { readAnomalyScores } from "#lib/anomalies/backtest.ts";
import * as contract from "#lib/contract/index.ts";
import { cancellable } from "#lib/db/cancellable.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.anomalies.score, async ({ db, params, query, signal }) => {
  const hostId = (await findHost(db, query.host)).id;
  return cancellable(db, signal, (tx) => readAnomalyScores(tx, { hostId, id: params.id }, query.points, signal));
});
