import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** Of a counter that was silent for longer (ms) nothing is known to have happened in between: what it grew by is not counted. */
export const MAX_GAP_MS = HOUR_MS;

/** The start (ms) of the minute that a sample belongs to; one at the full minute ends the minute before, as in PromQL's windows. */
const minuteOf = (at: number): number => (Math.ceil(at / MINUTE_MS) - 1) * MINUTE_MS;

type Add = (at: number, value: number) => void;

/** Sums by the start of their minute (ms), of the samples in (from, to]. */
function sumByMinute(series: readonly SeriesSamples[], to: number, each: (samples: SeriesSamples, add: Add) => void) {
  const sums = new Map<number, number>();
  return (from: number): Map<number, number> => {
    const add: Add = (at, value) => {
      if (at <= from || at > to) return;
      sums.set(minuteOf(at), (sums.get(minuteOf(at)) ?? 0) + value);
    };
    for (const samples of series) each(samples, add);
    return sums;
  };
}

/**
 * What counters grew by in each minute of (from, to] (ms), summed up. A counter that fell began anew at 0; its first sample says nothing of
 * growth. Nothing is extrapolated, so that minutes add up to the whole.
 */
export function growthByMinute(series: readonly SeriesSamples[], from: number, to: number): Map<number, number> {
  return sumByMinute(series, to, ({ times, values }, add) => {
    let [lastAt, last] = [Number.NEGATIVE_INFINITY, 0];
    for (const [n, at] of times.entries()) {
      const value = values[n] as number;
      if (!Number.isFinite(value)) continue;
      if (at - lastAt <= MAX_GAP_MS) add(at, value < last ? Math.max(0, value) : value - last);
      [lastAt, last] = [at, value];
    }
  })(from);
}

/** The runs of a check in each minute of (from, to] (ms), by samples that are 1 where it succeeded. */
export function runsByMinute(series: readonly SeriesSamples[], from: number, to: number) {
  const count = (weigh: (value: number) => number) =>
    sumByMinute(series, to, ({ times, values }, add) => {
      for (const [n, at] of times.entries()) if (Number.isFinite(values[n])) add(at, weigh(values[n] as number));
    })(from);
  return { good: count((value) => (value === 1 ? 1 : 0)), total: count(() => 1) };
}
