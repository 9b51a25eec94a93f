import type { Database } from "#lib/db/client.ts";
import { senSlope } from "#lib/stats/slope.ts";
import { DAY_MS, HOUR_MS, YEAR_MS } from "#lib/time/durations.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { type Point, withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange } from "#lib/tsdb/query.ts";

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
const HORIZON_MS = 5 * YEAR_MS;

function diskTrend(mount: string, points: Point[], now: number): DiskTrend[] {
  const line = senSlope(withoutGaps(points).map(([at, value]) => [at / DAY_MS, value]));
  const usage = withoutGaps(points).at(-1)?.[1];
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
    range.series.filter((s) => s.metric === metric).flatMap((s) => withoutGaps(s.points).map(([, value]) => value));
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
