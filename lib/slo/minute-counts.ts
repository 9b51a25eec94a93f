import { eachGrowth } from "#lib/promql/series/growth.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

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

/** What counters grew by in each minute of (from, to] (ms), summed up. */
export function growthByMinute(series: readonly SeriesSamples[], from: number, to: number): Map<number, number> {
  return sumByMinute(series, to, eachGrowth)(from);
}

/** The runs of a check in each minute of (from, to] (ms), by samples that are 1 where it succeeded. */
export function runsByMinute(series: readonly SeriesSamples[], from: number, to: number) {
  const count = (weigh: (value: number) => number) =>
    sumByMinute(series, to, ({ times, values }, add) => {
      for (const [n, at] of times.entries()) if (Number.isFinite(values[n])) add(at, weigh(values[n] as number));
    })(from);
  return { good: count((value) => (value === 1 ? 1 : 0)), total: count(() => 1) };
}
