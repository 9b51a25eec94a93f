import type { ForecastModel } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { type CapacityDate, capacityDate, lastOfDays, MANY_DAYS } from "#lib/stats/forecast/capacity.ts";
import { type Ahead, type Forecast, forecast } from "#lib/stats/forecast/forecast.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, YEAR_MS } from "#lib/time/durations.ts";
import { zoneOffset } from "#lib/time/instant.ts";
import { type Point, withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange, type SeriesPoints } from "#lib/tsdb/query.ts";

/** How finely and how far: the finest that a long enough past is there for. */
const SCALES = [
  { stepMs: HOUR_MS, pastMs: 28 * DAY_MS, least: 3 * DAY_MS, horizon: 48 },
  { stepMs: 10 * MINUTE_MS, pastMs: 4 * DAY_MS, least: 8 * HOUR_MS, horizon: 36 },
  { stepMs: MINUTE_MS, pastMs: 12 * HOUR_MS, least: 0, horizon: 60 },
];

/** What fills up rather than goes up and down. */
const FILLS = /^(disk\.usage|disk\.inodes\.usage|memory\.usage|postgres\.wraparound)$/;

export type SeriesForecast = {
  series: Pick<SeriesPoints, "id" | "name" | "metric" | "labels" | "unit" | "kind">;
  stepMs: number;
  points: Point[];
  /** What the forecast is made by, and how that did on the past; null where the past is too short. */
  model: ({ name: ForecastModel } & Omit<Forecast, "steps" | "model">) | null;
  forecast: ({ at: number } & Ahead)[];
  /** When a percentage reaches 100, of one that grows. */
  capacity: CapacityDate | null;
};

/** Bounds that a value cannot pass: below 0 nothing is measured, above 100 no share. */
function bounded(step: Ahead, unit: string): Ahead {
  const least = unit === "celsius" ? Number.NEGATIVE_INFINITY : 0;
  const most = unit === "percent" ? 100 : Number.POSITIVE_INFINITY;
  const clip = (value: number) => Math.min(Math.max(value, least), most);
  return {
    expected: clip(step.expected),
    low80: clip(step.low80),
    high80: clip(step.high80),
    low95: clip(step.low95),
    high95: clip(step.high95),
  };
}

/** Values of equal steps, NaN where there is none. */
function evenly(points: Point[], stepMs: number): { from: number; values: number[] } {
  const samples = withoutGaps(points);
  const from = samples[0]?.[0] ?? 0;
  const last = samples.at(-1)?.[0];
  const values = new Array<number>(last === undefined ? 0 : (last - from) / stepMs + 1).fill(Number.NaN);
  for (const [at, value] of samples) values[Math.round((at - from) / stepMs)] = value;
  return { from, values };
}

/** The past of a series and what comes next, by the scale that its past is long enough for. @throws DomainError not-found */
export async function forecastSeries(
  db: Connection,
  { hostId, seriesId, now, zone }: { hostId: number; seriesId: number; now: number; zone?: string | undefined },
): Promise<SeriesForecast> {
  const offset = zone ? zoneOffset(zone, now) : 0;
  for (const { stepMs, pastMs, least, horizon } of SCALES) {
    // The step that still runs is not over: its mean would be of a part only.
    const to = Math.floor(now / stepMs) * stepMs;
    const range = { hostId, series: [String(seriesId)], from: to - pastMs, to, stepMs };
    const [series] = (await queryRange(db, range)).series;
    if (!series) throw new DomainError("not-found", `There is no series ${seriesId} on host ${hostId}`);
    const { from, values } = evenly(series.points, stepMs);
    if (values.length * stepMs < least) continue;
    const result = forecast(values, horizon, [DAY_MS / stepMs, (7 * DAY_MS) / stepMs]);
    const end = from + values.length * stepMs;
    const { id, name, metric, labels, unit, kind } = series;
    return {
      series: { id, name, metric, labels, unit, kind },
      stepMs,
      points: series.points,
      model: result ? { name: result.model, period: result.period, mase: result.mase, origins: result.origins } : null,
      forecast: (result?.steps ?? []).map((step, n) => ({ at: end + n * stepMs, ...bounded(step, unit) })),
      capacity: FILLS.test(metric) && stepMs === HOUR_MS ? (capacityOf(series.points, offset) ?? null) : null,
    };
  }
  throw new DomainError("internal", "The last scale takes any past");
}

const HORIZON_MS = YEAR_MS;

/** When a percentage reaches 100, by means of a day where there are many and of an hour where not. */
export function capacityOf(points: Point[], offsetMs = 0, limit = 100): CapacityDate | undefined {
  const samples = withoutGaps(points);
  const daily = [...lastOfDays(samples, offsetMs)].map(([day, [, value]]): [number, number] => [
    (day + 1) * DAY_MS - offsetMs,
    value,
  ]);
  return capacityDate(daily.length >= MANY_DAYS ? daily : samples, { limit, horizonMs: HORIZON_MS });
}
