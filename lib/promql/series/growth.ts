import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** Of a counter that was silent for longer (ms) nothing is known to have happened in between: what it grew by is not counted. */
export const MAX_GAP_MS = HOUR_MS;

/**
 * Calls back with what a counter grew by from each sample to the next, at the instant (ms) of the later one. A counter that fell began anew at 0;
 * its first sample says nothing of growth. Nothing is extrapolated, so that parts add up to the whole.
 */
export function eachGrowth({ times, values }: SeriesSamples, found: (at: number, growth: number) => void): void {
  let [lastAt, last] = [Number.NEGATIVE_INFINITY, 0];
  for (let n = 0; n < times.length; n++) {
    const [at, value] = [times[n] as number, values[n] as number];
    if (!Number.isFinite(value)) continue;
    if (at - lastAt <= MAX_GAP_MS) found(at, value < last ? Math.max(0, value) : value - last);
    [lastAt, last] = [at, value];
  }
}
