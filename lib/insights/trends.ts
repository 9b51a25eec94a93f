import type { Connection } from "#lib/db/client.ts";
import { type Figures, readFigures } from "#lib/insights/figures.ts";
import { type BeforeAfter, beforeAfter } from "#lib/stats/before-after.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** A metric's mean of the latest day and week against the one before; null where there is nothing to compare with. */
export type Trend = Pick<Figures, "id" | "name" | "metric" | "unit" | "rate"> & {
  day: { now: number; before: number | null };
  week: { now: number; before: number | null };
};

/** What a reader asks about first. */
export const TREND_METRICS = [
  "cpu.usage",
  "memory.usage",
  "disk.usage",
  "load.5m",
  "network.receive.bytes",
  "network.transmit.bytes",
  "postgres.response",
  "postgres.connections",
  "process.count",
];

function meanBetween(points: [number, number][], from: number, to: number): number | null {
  const own = points.filter(([at]) => at >= from && at < to);
  // A period that is known by less than a fifth is not told.
  return own.length > 0 && own.length * HOUR_MS >= (to - from) / 5
    ? own.reduce((sum, [, value]) => sum + value, 0) / own.length
    : null;
}

/** Day on day and week on week at `now`, from hourly means. */
export function findTrends(figures: Figures[], now: number): Trend[] {
  return figures.flatMap(({ id, name, metric, unit, rate, points, mean }) => {
    const meanOfPeriod = (span: number, back: number) =>
      meanBetween(points, now - (back + 1) * span, now - back * span);
    return [
      {
        ...{ id, name, metric, unit, rate },
        day: { now: meanOfPeriod(DAY_MS, 0) ?? mean, before: meanOfPeriod(DAY_MS, 1) },
        week: { now: meanOfPeriod(7 * DAY_MS, 0) ?? mean, before: meanOfPeriod(7 * DAY_MS, 1) },
      },
    ];
  });
}

export type Change = Pick<Figures, "id" | "name" | "metric" | "unit" | "rate"> & BeforeAfter;

const STEP_MS = 10 * MINUTE_MS;

/** What some metrics of a host did after an instant against what the time before lets expect, the surest change first. */
export async function compareAround(
  db: Connection,
  query: { hostId: number; metrics: string[]; at: number; beforeMs: number; afterMs: number; zoneOffsetMs?: number },
): Promise<Change[]> {
  const { hostId, metrics, at, beforeMs, afterMs, zoneOffsetMs = 0 } = query;
  const figures = await readFigures(db, { hostId, metrics, from: at - beforeMs, to: at + afterMs, stepMs: STEP_MS });
  return figures
    .flatMap(({ id, name, metric, unit, rate, points }): Change[] => {
      const before = points.filter(([time]) => time + STEP_MS <= at);
      const change = beforeAfter(
        before,
        points.filter(([time]) => time >= at),
        { at, zoneOffsetMs },
      );
      return change ? [{ id, name, metric, unit, rate, ...change }] : [];
    })
    .sort((a, b) => a.p - b.p);
}
