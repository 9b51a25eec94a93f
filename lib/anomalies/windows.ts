import { remember, surprise, TOP_VALUES_SIZE } from "#lib/anomalies/top-values.ts";

/** Lengths, in samples, of the latest windows of which the mean is ranked; and of those of which the standard deviation is. */
export const MEANS = [1, 2, 4, 8, 16, 32, 64] as const;
const SPREADS = [4, 8, 16, 32, 64] as const;

/** Samples in the longest window. It also says how long an event lasts at least and how long the detector warms up. */
export const LONGEST_WINDOW = 64;

/** How many windows a stream is ranked by. */
export const WINDOWS = MEANS.length + SPREADS.length;

const HEAD = LONGEST_WINDOW;
const FILLED = LONGEST_WINDOW + 1;
const LISTS = LONGEST_WINDOW + 2;

/** Numbers of a stream in a detector's state: a ring of its latest samples, and two lists of top values for each window. */
export const STREAM_SIZE = LISTS + 2 * WINDOWS * TOP_VALUES_SIZE;

/** How unusual a statistic of one window is, high or low, as minus log10 of its p-value; low is negative. */
function rank(state: Float32Array, list: number, statistic: number): number {
  const high = surprise(state, list, statistic);
  const low = surprise(state, list + TOP_VALUES_SIZE, -statistic);
  remember(state, list, statistic);
  remember(state, list + TOP_VALUES_SIZE, -statistic);
  return high >= low ? high : -low;
}

/**
 * Puts a sample into the stream at `state[at ...]` and writes into `surprises` (length WINDOWS, means first) how unusual each
 * window of the latest samples now is, by the past only, in decades (low values negative).
 */
export function observe(state: Float32Array, at: number, sample: number, surprises: Float32Array): void {
  const head = ((state[at + HEAD] as number) + 1) % LONGEST_WINDOW;
  const filled = Math.min((state[at + FILLED] as number) + 1, LONGEST_WINDOW);
  state[at + head] = sample;
  state[at + HEAD] = head;
  state[at + FILLED] = filled;
  surprises.fill(0);
  // Measured from the newest sample, so that equal samples give exactly their value and a spread of exactly 0.
  const base = state[at + head] as number;
  let [sum, squares, mean, spread] = [0, 0, 0, 0];
  for (let count = 1; count <= filled; count++) {
    const difference = (state[at + ((head + 1 - count + LONGEST_WINDOW) % LONGEST_WINDOW)] as number) - base;
    sum += difference;
    squares += difference * difference;
    if (count === MEANS[mean]) {
      surprises[mean] = rank(state, at + LISTS + 2 * mean * TOP_VALUES_SIZE, Math.fround(base + sum / count));
      mean++;
    }
    if (count === SPREADS[spread]) {
      const window = MEANS.length + spread;
      const deviation = Math.fround(Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)));
      surprises[window] = rank(state, at + LISTS + 2 * window * TOP_VALUES_SIZE, deviation);
      spread++;
    }
  }
}

/** Forgets the latest samples, as after a long gap; what is usual stays known. */
export function restart(state: Float32Array, at: number): void {
  state[at + FILLED] = 0;
}
