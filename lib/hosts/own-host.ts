import type { Connection, Database } from "#lib/db/client.ts";
import type { ExposedSeries } from "#lib/promql/http/exposition.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { readNewest } from "#lib/tsdb/query.ts";

/** The number of the machine that the portal runs on, by its own id; undefined until its first frame is stored. */
export async function findOwnHost(db: Connection, machineId: string): Promise<number | undefined> {
  const host = await db.host.findUnique({ where: { machineId }, select: { id: true } });
  return host?.id;
}

/** What is older is not of now: Prometheus looks back as far. */
const MAX_AGE_MS = 5 * MINUTE_MS;

/** The newest values of a host's series, as they are stored: counters as totals. */
export async function readNewestValues(db: Database, hostId: number, now: number): Promise<ExposedSeries[]> {
  const series = await listSeries(db, hostId);
  const sources = [...new Set(series.map(({ sourceId }) => sourceId))];
  const frames = await Promise.all(sources.map((sourceId) => readNewest(db, { hostId, sourceId }, 1, now)));
  const values = new Map<number, number | null>();
  for (const [frame] of frames)
    if (frame && frame.at >= now - MAX_AGE_MS)
      for (const [n, id] of frame.seriesIds.entries()) values.set(id, frame.values[n] ?? null);
  return series.flatMap(({ id, metric, labels, kind, help }) => {
    const value = values.get(id) ?? null;
    return value === null ? [] : [{ metric, labels, kind, help, value }];
  });
}
