import { sortedQuantile } from "#lib/stats/quantile.ts";
import { seededRandom } from "#lib/stats/random.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** When a level reaches its limit: the median of all paths and the ends of the 80 % interval, ms; null beyond the horizon. */
export type CapacityDate = {
  at: number | null;
  earliest: number | null;
  latest: number | null;
  /** Share of the paths that reach the limit within the horizon, 0 to 1. */
  probability: number;
};

/** From so many days on a day is a step: what comes and goes within one says nothing of a week. */
export const MANY_DAYS = 21;

/** The last sample of each day, by the number of the day; days begin `offsetMs` before those of UTC. */
export function lastOfDays(samples: [number, number][], offsetMs = 0): Map<number, [number, number]> {
  return new Map(samples.map((sample) => [Math.floor((sample[0] + offsetMs) / DAY_MS), sample]));
}

export type CapacityOptions = { limit: number; horizonMs: number; seed?: number };

const PATHS = 400;
/** Fewer steps than these say nothing of what a typical day is. */
const LEAST = 12;
const MAX_STEPS = 4_000;

/**
 * When a level of equal steps (NaN for a missing one) reaches a limit from below: paths are laid out of random stretches of the
 * growth so far (the moving block bootstrap of Künsch 1989), so that bursts and clean-ups recur as they did, and nothing is assumed of their
 * shape. Stretches are as long as the square root of the history. Undefined where too little is known.
 */
export function capacityDate(
  points: readonly (readonly [number, number])[],
  { limit, horizonMs, seed = 1 }: CapacityOptions,
): CapacityDate | undefined {
  if (points.length < LEAST) return undefined;
  const [lastAt, level] = points.at(-1) as [number, number];
  const growths = points.slice(1).map(([, value], n) => value - (points[n] as [number, number])[1]);
  const stepMs = (lastAt - (points[0] as [number, number])[0]) / growths.length;
  const steps = Math.min(Math.ceil(horizonMs / stepMs), MAX_STEPS);
  const perStep = Math.max(1, Math.ceil(horizonMs / stepMs / MAX_STEPS));
  const block = Math.max(1, Math.round(Math.sqrt(growths.length)));
  const random = seededRandom(seed);
  const reached = Array.from({ length: PATHS }, () =>
    crossing(growths, { level, limit, steps, perStep, block, random }),
  );
  const times = Float64Array.from(reached, (step) => lastAt + step * stepMs * perStep).sort();
  const probability = reached.filter(Number.isFinite).length / PATHS;
  const at = (q: number) => {
    const time = sortedQuantile(times, q);
    return Number.isFinite(time) ? time : null;
  };
  return { at: at(0.5), earliest: at(0.1), latest: at(0.9), probability };
}

type Path = { level: number; limit: number; steps: number; perStep: number; block: number; random: () => number };

/** The step at which one path reaches the limit; infinite for one that never does. */
function crossing(growths: number[], { level, limit, steps, perStep, block, random }: Path): number {
  let [value, index, left] = [level, 0, 0];
  for (let step = 1; step <= steps; step++) {
    for (let n = 0; n < perStep; n++) {
      if (left === 0) {
        index = Math.floor(random() * Math.max(1, growths.length - block + 1));
        left = Math.min(block, growths.length);
      }
      value = Math.max(0, value + (growths[index++] as number));
      left--;
    }
    if (value >= limit) return step;
  }
  return Number.POSITIVE_INFINITY;
}
