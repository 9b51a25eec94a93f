import type { Need } from "#lib/alerts/conditions/conditions.ts";
import { FORECAST_PAST_MS, FORECAST_STEP_MS, reachProbability } from "#lib/alerts/conditions/forecast.ts";
import { foldWindow, type Values, type Window } from "#lib/alerts/conditions/windows.ts";
import { listAnomalies } from "#lib/anomalies/list-anomalies.ts";
import type { Connection } from "#lib/db/client.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange } from "#lib/tsdb/query.ts";

/** A past is read so much (ms) at a time. */
const READ_MS = 2 * DAY_MS;

/** How often (ms) a forecast of a past is made anew. */
const FORECAST_EVERY_MS = 6 * HOUR_MS;

type Past = { from: number; stepMs: number; values: Float64Array };

/** Whose past, [from, to) in ms. */
export type PastScope = { db: Connection; hostId: number; from: number; to: number };

async function readPast(
  { db, hostId, from, to }: PastScope,
  seriesId: number,
  stepMs: number,
  aggregate: "avg" | "min" | "max" | "last",
): Promise<Past> {
  const begin = Math.floor(from / stepMs) * stepMs;
  const values = new Float64Array(Math.max(0, Math.ceil((to - begin) / stepMs))).fill(Number.NaN);
  const pieceMs = stepMs === MINUTE_MS ? READ_MS : FORECAST_PAST_MS;
  for (let at = begin; at < to; at += pieceMs) {
    const range = { hostId, series: [String(seriesId)], from: at, to: Math.min(at + pieceMs, to), stepMs, aggregate };
    for (const [time, value] of withoutGaps((await queryRange(db, range)).series[0]?.points ?? []))
      values[Math.floor((time - begin) / stepMs)] = value;
  }
  return { from: begin, stepMs, values };
}

/** The samples of [from, to), ms, without those that are missing. */
function slice({ from: begin, stepMs, values }: Past, from: number, to: number): [number, number][] {
  const first = Math.max(0, Math.ceil((from - begin) / stepMs));
  const samples: [number, number][] = [];
  for (let n = first; n < values.length && begin + n * stepMs < to; n++) {
    const value = values[n] as number;
    if (!Number.isNaN(value)) samples.push([begin + n * stepMs, value]);
  }
  return samples;
}

type Reading = (at: number) => number | undefined;

/** How a window's value at an instant is found in the minutes of a past. */
async function readWindow(scope: PastScope, window: Window, seriesId: number): Promise<Reading> {
  if (window.kind === "anomaly") return readAnomalies(scope, seriesId);
  if (window.kind === "forecast") {
    const past = await readPast({ ...scope, from: scope.from - FORECAST_PAST_MS }, seriesId, FORECAST_STEP_MS, "avg");
    const made = new Map<number, number | undefined>();
    return (at) => {
      const madeAt = Math.floor(at / FORECAST_EVERY_MS) * FORECAST_EVERY_MS;
      if (!made.has(madeAt)) made.set(madeAt, reachProbability(slice(past, madeAt - FORECAST_PAST_MS, madeAt), window));
      return made.get(madeAt);
    };
  }
  const shiftMs = window.kind === "samples" ? window.shiftMs : 0;
  const aggregate = window.kind === "samples" ? window.aggregate : "avg";
  const spanMs = Math.max(MINUTE_MS, window.windowMs);
  const reach = { ...scope, from: scope.from - spanMs - shiftMs, to: scope.to - shiftMs };
  const past = await readPast(reach, seriesId, MINUTE_MS, aggregate);
  return (at) => {
    const own = slice(past, at - shiftMs - spanMs, at - shiftMs).map(([, value]) => value);
    return foldWindow(window, own);
  };
}

/** So many anomalies of a series' past are looked at. */
const MOST_ANOMALIES = 10_000;

async function readAnomalies({ db, hostId, from, to }: PastScope, seriesId: number): Promise<Reading> {
  const filter = { hostId, from: from - 30 * DAY_MS, to };
  const { anomalies } = await listAnomalies(db, filter, { skip: 0, take: MOST_ANOMALIES });
  const own = anomalies
    .filter((anomaly) => anomaly.seriesId === seriesId && anomaly.status !== "false_alarm")
    .map(({ detectedAt, endedAt, confidence }) => ({
      from: detectedAt.getTime(),
      to: endedAt?.getTime() ?? Number.POSITIVE_INFINITY,
      confidence,
    }));
  return (at) => {
    const going = own.filter((anomaly) => anomaly.from <= at && at < anomaly.to);
    return going.length > 0 ? Math.max(...going.map(({ confidence }) => confidence)) : undefined;
  };
}

/** Values of a past: at the instant (ms) that it is set to. */
export type PastValues = { at(time: number): Values };

/** Reads what conditions need of a past, by minutes. */
export async function readPastValues(scope: PastScope, needs: Need[]): Promise<PastValues> {
  const readings = new Map<string, Reading>();
  const keyOf = (window: Window, seriesId: number) => `${seriesId} ${JSON.stringify(window)}`;
  for (const { window, series } of needs) {
    const key = keyOf(window, series.id);
    if (!readings.has(key)) readings.set(key, await readWindow(scope, window, series.id));
  }
  return {
    at: (time) => ({
      value: (window, seriesId) => readings.get(keyOf(window, seriesId))?.(time),
    }),
  };
}
