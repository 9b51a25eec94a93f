import { EXTREMES_SIZE, remember, surprise } from "#lib/anomalies/top-values.ts";

/** Lengths, in samples, of the latest stretches whose mean is watched; and of those whose standard deviation is. */
export const MEANS = [1, 2, 4, 8, 16, 32, 64] as const;
const SPREADS = [4, 8, 16, 32, 64] as const;

/** The longest stretch. It also says how long an event lasts at least and how long the detector warms up. */
export const LONGEST = 64;

export const VIEWS = MEANS.length + SPREADS.length;

const PLACE = LONGEST;
const FILLED = LONGEST + 1;
const LISTS = LONGEST + 2;

/** Numbers of a stream in a detector's state: a ring of its latest samples, and two lists of extremes for each view. */
export const STREAM_SIZE = LISTS + 2 * VIEWS * EXTREMES_SIZE;

/** How unusual a figure of one view is, high or low, as minus log10 of its p-value; low is negative. */
function judge(state: Float32Array, list: number, figure: number): number {
  const high = surprise(state, list, figure);
  const low = surprise(state, list + EXTREMES_SIZE, -figure);
  remember(state, list, figure);
  remember(state, list + EXTREMES_SIZE, -figure);
  return high >= low ? high : -low;
}

/**
 * Puts a sample into the stream at `state[at ...]` and writes into `found` (length VIEWS, means first) how unusual each
 * view of the latest samples now is, judged by the past only.
 */
export function look(state: Float32Array, at: number, sample: number, found: Float32Array): void {
  const place = ((state[at + PLACE] as number) + 1) % LONGEST;
  const filled = Math.min((state[at + FILLED] as number) + 1, LONGEST);
  state[at + place] = sample;
  state[at + PLACE] = place;
  state[at + FILLED] = filled;
  found.fill(0);
  // Measured from the newest sample, so that equal samples give exactly their value and a spread of exactly 0.
  const base = state[at + place] as number;
  let [sum, squares, mean, spread] = [0, 0, 0, 0];
  for (let count = 1; count <= filled; count++) {
    const difference = (state[at + ((place + 1 - count + LONGEST) % LONGEST)] as number) - base;
    sum += difference;
    squares += difference * difference;
    if (count === MEANS[mean]) {
      found[mean] = judge(state, at + LISTS + 2 * mean * EXTREMES_SIZE, Math.fround(base + sum / count));
      mean++;
    }
    if (count === SPREADS[spread]) {
      const view = MEANS.length + spread;
      const deviation = Math.fround(Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)));
      found[view] = judge(state, at + LISTS + 2 * view * EXTREMES_SIZE, deviation);
      spread++;
    }
  }
}

/** Forgets the latest samples, as after a long gap; what is usual stays known. */
export function restart(state: Float32Array, at: number): void {
  state[at + FILLED] = 0;
}
