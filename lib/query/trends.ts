import type { Database } from "#lib/db/client.ts";
import type { Point } from "#lib/query/bucket.ts";
import { listSeries } from "#lib/query/catalog.ts";
import { queryRange } from "#lib/query/range.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A line through a file system's use: percent a day with its 95 % interval, and when it reaches 100 %, if it does. */
type DiskTrend = {
  mount: string;
  usage: number;
  slopePerDay: number;
  slopeInterval: [number, number];
  fillsAt: Date | null;
};

export type Trends = {
  hours: number;
  avg_cpu: number | null;
  peak_memory: number | null;
  disk_trend: DiskTrend[];
};

/** Beyond this a straight line says nothing about the day it ends. */
const HORIZON_MS = 5 * 365 * DAY_MS;

/** The normal quantile of a 95 % interval; the points of a day are many enough for it. */
const Z95 = 1.959964;

/**
 * Theil's and Sen's slope: the median of the slopes between all pairs, which a burst of writes hardly moves, with the
 * interval of Sen (1968) from Kendall's variance. Undefined below ten points.
 */
export function senSlope(points: [number, number][]): { slope: number; low: number; high: number } | undefined {
  const n = points.length;
  if (n < 10) return undefined;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [a, b] = [points[i] as [number, number], points[j] as [number, number]];
      slopes.push((b[1] - a[1]) / (b[0] - a[0]));
    }
  }
  const sorted = Float64Array.from(slopes).sort();
  const reach = Z95 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (place: number) => sorted[Math.min(Math.max(Math.round(place), 0), sorted.length - 1)] as number;
  const middle = (sorted.length - 1) / 2;
  const slope = ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  return { slope, low: at((sorted.length - reach) / 2), high: at((sorted.length + reach) / 2) };
}

const known = (points: Point[]) => points.filter((point): point is [number, number] => point[1] !== null);

function diskTrend(mount: string, points: Point[], now: number): DiskTrend[] {
  const line = senSlope(known(points).map(([at, value]) => [at / DAY_MS, value]));
  const usage = known(points).at(-1)?.[1];
  if (!line || usage === undefined) return [];
  const fillsInMs = line.low > 0 ? ((100 - usage) / line.slope) * DAY_MS : Number.POSITIVE_INFINITY;
  const fillsAt = fillsInMs < HORIZON_MS ? new Date(now + fillsInMs) : null;
  return [{ mount, usage, slopePerDay: line.slope, slopeInterval: [line.low, line.high], fillsAt }];
}

/** How a host did over the last hours. A file system has a date only where its growth is beyond doubt. */
export async function readTrends(db: Database, hostId: number, hours: number, now: number): Promise<Trends> {
  const series = await listSeries(db, hostId);
  const wanted = series.filter(({ metric }) => ["cpu.usage", "memory.usage", "disk.usage"].includes(metric));
  if (wanted.length === 0) return { hours, avg_cpu: null, peak_memory: null, disk_trend: [] };
  const ask = (aggregate: "avg" | "max") =>
    queryRange(db, {
      hostId,
      series: wanted.map(({ id }) => String(id)),
      from: now - hours * HOUR_MS,
      to: now,
      points: 120,
      aggregate,
    });
  const [means, peaks] = await Promise.all([ask("avg"), ask("max")]);
  const values = (range: typeof means, metric: string) =>
    range.series.filter((s) => s.metric === metric).flatMap((s) => known(s.points).map(([, value]) => value));
  const cpu = values(means, "cpu.usage");
  const memory = values(peaks, "memory.usage");
  return {
    hours,
    avg_cpu: cpu.length > 0 ? cpu.reduce((sum, value) => sum + value, 0) / cpu.length : null,
    peak_memory: memory.length > 0 ? Math.max(...memory) : null,
    disk_trend: means.series
      .filter((s) => s.metric === "disk.usage")
      .flatMap((s) => diskTrend(s.labels.mount ?? "", s.points, now)),
  };
}
