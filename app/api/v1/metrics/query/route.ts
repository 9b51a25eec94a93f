import { jsonResponse, serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { reader, reading } from "#lib/db/reading.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { parseInstant } from "#lib/time/instant.ts";
import { putPoints, queryColumns } from "#lib/tsdb/query.ts";

type Columns = Awaited<ReturnType<typeof queryColumns>>;

/** The answer, whose points are written apart from it. */
function answer(result: Columns): Response {
  const points = result.series.map((series) => series.points);
  const series = result.series.map((own) => ({ ...own, points: [] }));
  return jsonResponse(contract.metrics.query, { ...result, series }, 200, (json) => putPoints(json, points));
}

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
  return answer(await reading(db, signal, (own) => queryColumns(own, range)));
});
