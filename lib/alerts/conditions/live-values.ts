import type { Need } from "#lib/alerts/conditions/conditions.ts";
import { FORECAST_PAST_MS, FORECAST_STEP_MS, reachProbability } from "#lib/alerts/conditions/forecast.ts";
import { foldWindow, type Values, type Window } from "#lib/alerts/conditions/windows.ts";
import { surestOngoing } from "#lib/anomalies/list-anomalies.ts";
import { MAX_SERIES } from "#lib/contract/enums.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import type { Reader } from "#lib/db/reading.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange, type SeriesPoints } from "#lib/tsdb/query.ts";

/** Whose values, at which instant (ms). */
export type ValueScope = { reads: Reader; hostId: number; now: number; memo?: ValueMemo | undefined };

type BySeries = Map<number, number | undefined>;

/** A window is read in so many steps at most, each of a second at least: the edges of a day are known to six minutes. */
const STEPS = { samples: 240, share: 1_000 };

/** What changes slowly is read anew only so often (ms): a long window a hundred times in its length. */
function lifetimeOf(window: Window): number {
  if (window.kind === "forecast") return 10 * MINUTE_MS;
  return window.kind !== "anomaly" && window.windowMs >= HOUR_MS ? window.windowMs / 100 : 0;
}

/** Values of slow windows, which a process that evaluates again and again keeps. */
export class ValueMemo {
  readonly #kept = new Map<string, { until: number; values: BySeries }>();

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

/** The values of a window that ends now, or so much earlier. */
async function readWindow(
  scope: ValueScope,
  ids: number[],
  window: Extract<Window, { windowMs: number }>,
): Promise<BySeries> {
  const { windowMs, kind } = window;
  const stepMs = Math.max(SECOND_MS, Math.ceil(windowMs / STEPS[kind] / SECOND_MS) * SECOND_MS);
  const to = Math.floor(scope.now / stepMs) * stepMs + stepMs;
  const shiftMs = kind === "samples" ? window.shiftMs : 0;
  const series = await readPoints(scope, ids, { from: to - windowMs, to, stepMs, shiftMs });
  return new Map(
    series.map(({ id, points }) => [
      id,
      foldWindow(
        window,
        withoutGaps(points).map(([, value]) => value),
      ),
    ]),
  );
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

function read(scope: ValueScope, ids: number[], window: Window): Promise<BySeries> {
  if (window.kind === "anomaly") return surestOngoing(scope.reads, scope.hostId);
  return window.kind === "forecast" ? readForecasts(scope, ids, window) : readWindow(scope, ids, window);
}

/**
 * Reads what conditions need, each window once, whoever shares it. A window that cannot be read is an error of those that ask for it.
 * @throws whatever says that the database is away
 */
export async function readValues(scope: ValueScope, needs: Need[]): Promise<Values> {
  const wanted = new Map<string, { window: Window; ids: Set<number> }>();
  for (const { window, series } of needs) {
    const key = JSON.stringify(window);
    const entry = wanted.get(key) ?? { window, ids: new Set() };
    wanted.set(key, entry);
    entry.ids.add(series.id);
  }
  const values = new Map<string, BySeries | Error>();
  for (const [key, { window, ids }] of wanted) {
    const [lifetimeMs, own] = [lifetimeOf(window), [...ids].sort((a, b) => a - b)];
    const load = () => read(scope, own, window);
    try {
      const kept = scope.memo && lifetimeMs > 0 ? scope.memo : undefined;
      const name = `${scope.hostId} ${key} ${own.join()}`;
      values.set(key, kept ? await kept.read(name, lifetimeMs, scope.now, load) : await load());
    } catch (error) {
      if (databaseFailure(error) || !(error instanceof Error)) throw error;
      values.set(key, error);
    }
  }
  return {
    value(window, seriesId) {
      const own = values.get(JSON.stringify(window));
      if (own instanceof Error) throw own;
      return own?.get(seriesId);
    },
  };
}
