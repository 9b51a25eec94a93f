import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { isOfHost } from "#lib/metrics/frame.ts";
import { latestNow } from "#lib/time/clock.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { combineValues, type ShownValues, shownValues } from "#lib/tsdb/points.ts";
import { readNewest } from "#lib/tsdb/query.ts";

/** The newest figures of a host: percent, counts and bytes per second as the names say. Null where there is none. */
export type SystemMetrics = {
  host: { id: number; name: string };
  timestamp: Date;
  cpu_usage: number | null;
  memory_usage: number | null;
  disk_usage: number | null;
  database_performance: {
    response_ms: number | null;
    connections: number | null;
    connections_usage: number | null;
    transactions_per_second: number | null;
    cache_hit_ratio: number | null;
  };
  network_io: { receive_bytes_per_second: number | null; transmit_bytes_per_second: number | null };
  process_count: number | null;
};

/** A source's newest frame and the one before. Those a little ahead count only where there is none: a clock set back leaves such behind. */
async function newestPair(db: Database, source: { hostId: number; sourceId: number }, now: number) {
  const pair = await readNewest(db, source, 2, now);
  return pair.length > 0 ? pair : readNewest(db, source, 2, latestNow(now));
}

/** What each of a host's sources last said, counters as rates, and when the newest of them spoke. */
async function newestValues(
  db: Database,
  hostId: number,
  series: SeriesInfo[],
  now: number,
): Promise<{ at: number; values: ShownValues }> {
  const kinds = new Map(series.map((s) => [s.id, s.kind]));
  const sources = [...new Set(series.map((s) => s.sourceId))];
  const pairs = await Promise.all(sources.map((sourceId) => newestPair(db, { hostId, sourceId }, now)));
  const values: ShownValues = new Map();
  let at = 0;
  for (const [newest, before] of pairs) {
    if (!newest) continue;
    at = Math.max(at, newest.at);
    for (const [id, value] of shownValues(newest, before, (s) => kinds.get(s) ?? "gauge")) values.set(id, value);
  }
  return { at, values };
}

/** The snapshot of a host. Disk usage is that of its fullest file system. @throws DomainError not-found without samples */
export async function currentMetrics(
  db: Database,
  host: { id: number; name: string },
  now = Date.now(),
): Promise<SystemMetrics> {
  const series = (await listSeries(db, host.id)).filter(({ labels }) => isOfHost(labels));
  const { at, values } = await newestValues(db, host.id, series, now);
  if (at === 0) throw new DomainError("not-found", `Host ${host.name} has sent no sample yet`);
  const latest = (metric: string, how: "sum" | "max" = "sum") =>
    combineValues(
      how,
      series.filter((s) => s.metric === metric).map((s) => values.get(s.id)),
    );
  const [hit, read] = [latest("postgres.blocks.hit"), latest("postgres.blocks.read")];
  const blocks = combineValues("sum", [hit, read]);
  return {
    host: { id: host.id, name: host.name },
    timestamp: new Date(at),
    cpu_usage: latest("cpu.usage"),
    memory_usage: latest("memory.usage"),
    disk_usage: latest("disk.usage", "max"),
    database_performance: {
      response_ms: latest("postgres.response"),
      connections: latest("postgres.connections"),
      connections_usage: latest("postgres.connections.usage"),
      transactions_per_second: combineValues("sum", [latest("postgres.commits"), latest("postgres.rollbacks")]),
      cache_hit_ratio: blocks ? (hit ?? 0) / blocks : null,
    },
    network_io: {
      receive_bytes_per_second: latest("network.receive.bytes"),
      transmit_bytes_per_second: latest("network.transmit.bytes"),
    },
    process_count: latest("process.count"),
  };
}
