import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { cancellable } from "#lib/db/cancellable.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { forecastSeries } from "#lib/insights/series-forecast.ts";

export const GET = serve(contract.forecasts.read, async ({ db, query, signal }) => {
  const hostId = (await findHost(db, query.host)).id;
  const request = { hostId, seriesId: query.series, now: Date.now(), zone: query.zone };
  return cancellable(db, signal, (tx) => forecastSeries(tx, request));
});
