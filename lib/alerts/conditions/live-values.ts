import type { Need } from "#lib/alerts/conditions/conditions.ts";
import { FORECAST_PAST_MS, FORECAST_STEP_MS, reachProbability } from "#lib/alerts/conditions/forecast.ts";
import { foldWindow, type Values, type Window } from "#lib/alerts/conditions/windows.ts";
import { surestOngoing } from "#lib/anomalies/list-anomalies.ts";
import { MAX_SERIES } from "#lib/contract/enums.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import type { Reader } from "#lib/db/reading.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { withoutGaps } from "#lib/tsdb/points.ts";
import { LOOK_BACK_MS, queryRange, readAhead, type SeriesPoints } from "#lib/tsdb/query.ts";

/** Whose values, at which instant (ms). */
export type ValueScope = { reads: Reader; hostId: number; now: number; memo?: ValueMemo | undefined };

type BySeries = Map<number, number | undefined>;

/** How far apart (ms) the newest frames of sources are meant to be, by the source's id. */
export type Intervals = Map<number, number>;

const ascending = (a: number, b: number): number => a - b;

/** A window is read in so many steps at most, each of a second at least: the edges of a day are known to six minutes. */
const STEPS = { samples: 240, share: 1_000 };

/** What changes slowly is read anew only so often (ms): a long window a hundred times in its length. */
function lifetimeOf(window: Window): number {
  if (window.kind === "forecast") return 10 * MINUTE_MS;
  return window.kind !== "anomaly" && window.windowMs >= HOUR_MS ? window.windowMs / 100 : 0;
}

/** What a process that evaluates again and again keeps: values of slow windows, and how far apart (ms) the frames of each host's sources are meant to be. */
export class ValueMemo {
  readonly #kept = new Map<string, { until: number; values: BySeries }>();
  readonly intervals = new Map<number, Intervals>();

  async read(key: string, lifetimeMs: number, now: number, read: () => Promise<BySeries>): Promise<BySeries> {
    const kept = this.#kept.get(key);
    // What is kept for longer than it may be is of before the clock was set back.
    if (kept && now < kept.until && kept.until - now <= lifetimeMs) return kept.values;
    const values = await read();
    for (const [other, { until }] of this.#kept) if (until <= now) this.#kept.delete(other);
    this.#kept.set(key, { until: now + lifetimeMs, values });
    return values;
  }
}

async function readPoints(
  { reads, hostId }: ValueScope,
  ids: number[],
  range: { from: number; to: number; stepMs: number; shiftMs?: number },
): Promise<SeriesPoints[]> {
  const all: SeriesPoints[] = [];
  for (let at = 0; at < ids.length; at += MAX_SERIES) {
    const part = ids.slice(at, at + MAX_SERIES).map(String);
    all.push(...(await queryRange(reads, { hostId, ...range, series: part })).series);
  }
  return all;
}

type PointsWindow = Extract<Window, { windowMs: number }>;

/** The range of a window that ends now, or so much earlier. */
function rangeOf(window: PointsWindow, now: number): { from: number; to: number; stepMs: number; shiftMs: number } {
  const { windowMs, kind } = window;
  const stepMs = Math.max(SECOND_MS, Math.ceil(windowMs / STEPS[kind] / SECOND_MS) * SECOND_MS);
  const to = Math.floor(now / stepMs) * stepMs + stepMs;
  return { from: to - windowMs, to, stepMs, shiftMs: kind === "samples" ? window.shiftMs : 0 };
}

/** The values of a window, of points that cover it. */
const foldSeries = (window: PointsWindow, series: SeriesPoints[]): BySeries =>
  new Map(
    series.map(({ id, points }) => [
      id,
      foldWindow(
        window,
        withoutGaps(points).map(([, value]) => value),
      ),
    ]),
  );

const readWindow = async (scope: ValueScope, ids: number[], window: PointsWindow): Promise<BySeries> =>
  foldSeries(window, await readPoints(scope, ids, rangeOf(window, scope.now)));

/** Windows with the series that they are wanted of. */
type Wanted = { window: Window; ids: number[] };

/** Reads a range once for all short windows of it: most rules have the same. What cannot be read so, each window reads for itself. */
function joinedReads(scope: ValueScope, all: Wanted[]): (window: PointsWindow, ids: number[]) => Promise<BySeries> {
  const keyOf = (window: PointsWindow) => JSON.stringify(rangeOf(window, scope.now));
  const shared = new Map<string, Set<number>>();
  for (const { window, ids } of all) {
    if (!("windowMs" in window) || lifetimeOf(window) > 0) continue;
    const key = keyOf(window);
    shared.set(key, new Set([...(shared.get(key) ?? []), ...ids]));
  }
  const reads = new Map<string, Promise<SeriesPoints[]>>();
  return async (window, ids) => {
    const [key, own] = [keyOf(window), new Set(ids)];
    const joined = shared.get(key);
    if (!joined) return readWindow(scope, ids, window);
    const points = reads.get(key) ?? readPoints(scope, [...joined].sort(ascending), rangeOf(window, scope.now));
    reads.set(key, points);
    try {
      const series = await points;
      return foldSeries(
        window,
        series.filter(({ id }) => own.has(id)),
      );
    } catch (error) {
      if (databaseFailure(error)) throw error;
      return readWindow(scope, ids, window);
    }
  };
}

async function readForecasts(
  scope: ValueScope,
  ids: number[],
  window: Extract<Window, { kind: "forecast" }>,
): Promise<BySeries> {
  const to = Math.floor(scope.now / FORECAST_STEP_MS) * FORECAST_STEP_MS + FORECAST_STEP_MS;
  const range = { from: to - FORECAST_PAST_MS, to, stepMs: FORECAST_STEP_MS };
  const series = await readPoints(scope, ids, range);
  return new Map(series.map(({ id, points }) => [id, reachProbability(withoutGaps(points), window)]));
}

/** The windows that conditions need, each once. */
function wantedOf(needs: Need[]): Map<string, Wanted> {
  const wanted = new Map<string, { window: Window; ids: Set<number> }>();
  for (const { window, series } of needs) {
    const key = JSON.stringify(window);
    const entry = wanted.get(key) ?? { window, ids: new Set() };
    wanted.set(key, entry);
    entry.ids.add(series.id);
  }
  return new Map([...wanted].map(([key, { window, ids }]) => [key, { window, ids: [...ids].sort(ascending) }]));
}

/** Windows that reach so far back (ms) at most are read at once, of so many series at most. */
const AHEAD_MS = 15 * MINUTE_MS;
const MOST_AHEAD = 500;

/** Reads the samples of all short windows at once; nothing where there are none, or too many, or where it fails: then each window reads for itself. */
async function readShort(scope: ValueScope, needs: Need[]): Promise<{ db: Reader; intervals: Intervals } | undefined> {
  const short = needs.flatMap(({ window, series }) => {
    if (!("windowMs" in window)) return [];
    const { from, to, shiftMs } = rangeOf(window, scope.now);
    return to - from + shiftMs <= AHEAD_MS ? [{ series, from: from - shiftMs - LOOK_BACK_MS, to }] : [];
  });
  const series = [...new Map(short.map((each) => [each.series.id, each.series])).values()];
  if (series.length === 0 || series.length > MOST_AHEAD) return undefined;
  const [from, to] = [Math.min(...short.map((each) => each.from)), Math.max(...short.map((each) => each.to))];
  const keys = series.map(({ id, sourceId }) => ({ hostId: scope.hostId, sourceId, id }));
  try {
    return await readAhead(scope.reads, keys, { from, to });
  } catch (error) {
    if (databaseFailure(error)) throw error;
    return undefined;
  }
}

/**
 * Reads what conditions need, each window once, whoever shares it. A window that cannot be read is an error of those that ask for it. `intervals` are those of the sources
 * whose samples were read at once, as of now.
 * @throws whatever says that the database is away
 */
export async function readValues(own: ValueScope, needs: Need[]): Promise<Values & { intervals?: Intervals }> {
  const short = await readShort(own, needs);
  const scope = short ? { ...own, reads: short.db } : own;
  const wanted = wantedOf(needs);
  const readJoined = joinedReads(scope, [...wanted.values()]);
  const read = (window: Window, ids: number[]): Promise<BySeries> => {
    if (window.kind === "anomaly") return surestOngoing(scope.reads, scope.hostId);
    return window.kind === "forecast" ? readForecasts(scope, ids, window) : readJoined(window, ids);
  };
  const values = new Map<string, BySeries | Error>();
  for (const [key, { window, ids }] of wanted) {
    const lifetimeMs = lifetimeOf(window);
    const load = () => read(window, ids);
    try {
      const kept = scope.memo && lifetimeMs > 0 ? scope.memo : undefined;
      const name = `${scope.hostId} ${key} ${ids.join()}`;
      values.set(key, kept ? await kept.read(name, lifetimeMs, scope.now, load) : await load());
    } catch (error) {
      if (databaseFailure(error) || !(error instanceof Error)) throw error;
      values.set(key, error);
    }
  }
  return {
    ...(short && { intervals: short.intervals }),
    value(window, seriesId) {
      const own = values.get(JSON.stringify(window));
      if (own instanceof Error) throw own;
      return own?.get(seriesId);
    },
  };
}
