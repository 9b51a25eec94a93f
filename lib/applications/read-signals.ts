import { quoted } from "#lib/applications/expressions.ts";
import { gridOf, hostOf, instantsOf } from "#lib/applications/grid.ts";
import { CACHE_NAMES, type CacheName, GAUGE_NAMES, type GaugeName } from "#lib/applications/signal-names.ts";
import type { Database } from "#lib/db/client.ts";
import { queryRange } from "#lib/promql/engine.ts";
import { legalLabel, legalMetric } from "#lib/promql/store/names.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { listMetricsOfHosts } from "#lib/tsdb/catalog.ts";

/** SDKs send each minute, and some exporters less often: a window holds several of their points. */
const LEAST_WINDOW_MS = 5 * MINUTE_MS;

type Point = [number, number | null];
type Gauge = { kind: GaugeName["kind"]; metric: string; points: Point[] };
type Cache = { metric: string; hitRate: Point[]; hits: Point[]; misses: Point[]; ratio: number | null };
type SignalsQuery = {
  host: number;
  service: string;
  from: number;
  to: number;
  points: number;
  signal?: AbortSignal | undefined;
};

/** A metric of a service, as a selector of PromQL. */
function selector(
  service: string,
  { metric, labels = {} }: { metric: string; labels?: Record<string, string> },
): string {
  const own = Object.entries(labels).map(([name, value]) => `${legalLabel(name)}=${quoted(value)}`);
  return `${legalMetric(metric)}{${[`job=${quoted(service)}`, ...own].join(", ")}}`;
}

/** Evaluates an expression as a value for each instant of a grid, null where there is none. */
type ReadLine = (expression: string) => Promise<Point[]>;

/** Points are counted over so long to see how far apart they are. */
const COUNTED_S = 600;
/** A value holds for so many intervals; longer, and what a new version of a service sends would be added to the last of the old one. */
const HELD_INTERVALS = 1.5;
const LONGEST_HELD_S = 300;

/** What all series of a gauge come to, each as long as it is sent; of a longer step the mean. */
async function readGauge(read: ReadLine, service: string, stepS: number, name: GaugeName): Promise<Gauge> {
  const series = selector(service, name);
  const counts = await read(`max(count_over_time(${series}[${COUNTED_S}s]))`);
  const intervalS = COUNTED_S / counts.reduce((most, [, count]) => Math.max(most, count ?? 1), 1);
  const heldS = Math.max(1, Math.ceil(Math.min(LONGEST_HELD_S, HELD_INTERVALS * intervalS)));
  const now = `sum(last_over_time(${series}[${heldS}s]))`;
  // Both ends of a range are within it: a millisecond less, and what lies between two steps is in one of them.
  const stepText = `${stepS * SECOND_MS - 1}ms`;
  const points = await read(stepS > heldS ? `avg_over_time((${now})[${stepText}:${heldS}s])` : now);
  return { kind: name.kind, metric: name.metric, points };
}

const share = (hits: number | null, misses: number | null): number | null => {
  const all = (hits ?? 0) + (misses ?? 0);
  return all > 0 ? Math.max(0, hits ?? 0) / all : null;
};
const total = (points: Point[]): number => points.reduce((sum, [, value]) => sum + (value ?? 0), 0);

async function readCache(
  read: ReadLine,
  service: string,
  windowS: number,
  { hits, misses }: CacheName,
): Promise<Cache> {
  const rate = (name: CacheName["hits"]) => read(`sum(rate(${selector(service, name)}[${windowS}s]))`);
  const [hit, missed] = await Promise.all([rate(hits), rate(misses)]);
  return {
    metric: hits.metric,
    hits: hit,
    misses: missed,
    hitRate: hit.map(([at, value], n): Point => [at, share(value, missed[n]?.[1] ?? null)]),
    ratio: share(total(hit), total(missed)),
  };
}

const isSaid = (points: Point[]): boolean => points.some(([, value]) => value !== null);

/**
 * What a service says over [from, to] (ms) of what is active, and of its caches, in at most `points` steps: by the names of signal-names.ts, those
 * that it sends. Hits and misses are per second, the hit rate a share.
 */
export async function readSignals(db: Database, query: SignalsQuery) {
  const { host, service, from, to, signal } = query;
  const grid = gridOf(query);
  const { stepMs } = grid;
  const windowS = Math.max(LEAST_WINDOW_MS, stepMs) / SECOND_MS;
  const hosts = await hostOf(db, host);
  const sent = new Set(
    (await listMetricsOfHosts(db, { hostIds: hosts.map(({ id }) => id) })).map(({ metric }) => metric),
  );
  const reader = new StoreReader(db, hosts, { signal });
  const instants = instantsOf(grid);
  const read: ReadLine = async (expression) => {
    const [line] = await queryRange(reader, expression, grid, { signal });
    const values = new Map(Array.from(line?.times ?? [], (at, n) => [at, line?.values[n] ?? null]));
    return instants.map((at): Point => [at, values.get(at) ?? null]);
  };
  const gauges: Gauge[] = [];
  for (const name of GAUGE_NAMES)
    if (sent.has(name.metric)) gauges.push(await readGauge(read, service, stepMs / SECOND_MS, name));
  const caches: Cache[] = [];
  for (const name of CACHE_NAMES)
    if (sent.has(name.hits.metric) || sent.has(name.misses.metric))
      caches.push(await readCache(read, service, windowS, name));
  return {
    ...{ from, to, stepMs },
    gauges: gauges.filter((gauge) => isSaid(gauge.points)),
    caches: caches.filter(({ hits, misses }) => isSaid(hits) || isSaid(misses)),
  };
}
