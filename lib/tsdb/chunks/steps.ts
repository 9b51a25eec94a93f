import { bucketStart, type Grid } from "#lib/tsdb/chunks/grid.ts";

/**
 * What is kept of the samples of one step. A gauge's `sum` is of its values and its `weight` their number; a counter's
 * `sum` is its growth, its `weight` the seconds it grew in, `min` and `max` its rates. `gap` says that samples are missing
 * before one of these.
 */
export type Bucket = {
  start: number;
  count: number;
  sum: number;
  weight: number;
  min: number;
  max: number;
  last: number;
  gap: boolean;
};

/** Steps as columns, oldest first: when each begins (ms since the epoch), and what is kept of it; `gap` is 1 or 0. */
export type StepColumns = { times: Float64Array } & Record<Exclude<keyof Bucket, "start">, Float64Array>;

/**
 * Samples that count, in columns, the first `length` of which are filled: the instant (ms), what it adds to the sum and the weight of its step, its value, and 1
 * where samples are missing before it. As arguments of a function a sample's numbers would each be an object.
 */
export type SampleBlock = {
  length: number;
  times: Float64Array;
  amounts: Float64Array;
  weights: Float64Array;
  values: Float64Array;
  gaps: Uint8Array;
};

/** The same of each column. */
const eachColumn = (steps: StepColumns, make: (column: Float64Array) => Float64Array): StepColumns => ({
  ...{ times: make(steps.times), count: make(steps.count), sum: make(steps.sum), weight: make(steps.weight) },
  ...{ min: make(steps.min), max: make(steps.max), last: make(steps.last), gap: make(steps.gap) },
});

const NONE = new Float64Array();

/** No steps. */
export const NO_STEPS: StepColumns = {
  ...{ times: NONE, count: NONE, sum: NONE, weight: NONE },
  ...{ min: NONE, max: NONE, last: NONE, gap: NONE },
};

/** Columns for so many steps, in one piece of memory: each of its own takes longer to make than to fill. */
function room(length: number): StepColumns {
  const all = new Float64Array(8 * length);
  let at = 0;
  return eachColumn(NO_STEPS, () => {
    at += length;
    return all.subarray(at - length, at);
  });
}

/** Copies steps to an index of others. */
function put(steps: StepColumns, into: StepColumns, at: number): void {
  for (const name of Object.keys(into) as (keyof StepColumns)[]) into[name].set(steps[name], at);
}

/** Steps that are made one after another; what comes of the last one again is added to it. */
export class StepWriter {
  #steps: StepColumns;
  #length = 0;

  /** For so many steps; more may come. */
  constructor(expected: number) {
    this.#steps = room(Math.max(1, expected));
  }

  // By one: an object a sample would cost more than all else.
  add(
    start: number,
    count: number,
    sum: number,
    weight: number,
    min: number,
    max: number,
    last: number,
    gap: number,
  ): void {
    let n = this.#length - 1;
    let own = this.#steps;
    if (n >= 0 && own.times[n] === start) {
      own.count[n] = (own.count[n] as number) + count;
      own.sum[n] = (own.sum[n] as number) + sum;
      own.weight[n] = (own.weight[n] as number) + weight;
      own.min[n] = Math.min(own.min[n] as number, min);
      own.max[n] = Math.max(own.max[n] as number, max);
      own.last[n] = last;
      if (gap === 1) own.gap[n] = 1;
      return;
    }
    n += 1;
    if (n === own.times.length) own = this.#grow();
    this.#length = n + 1;
    own.times[n] = start;
    own.count[n] = count;
    own.sum[n] = sum;
    own.weight[n] = weight;
    own.min[n] = min;
    own.max[n] = max;
    own.last[n] = last;
    own.gap[n] = gap;
  }

  /** Adds samples, oldest first, to the steps of a grid that they lie in. */
  addSamples({ length, times, amounts, weights, values, gaps }: SampleBlock, grid: Grid): void {
    let i = 0;
    while (i < length) {
      const start = bucketStart(times[i] as number, grid);
      // In a zone some steps are shorter.
      const end = grid.zone ? start : start + grid.stepMs;
      const level = (amounts[i] as number) / (weights[i] as number);
      this.add(
        start,
        1,
        amounts[i] as number,
        weights[i] as number,
        level,
        level,
        values[i] as number,
        gaps[i] as number,
      );
      i += 1;
      const n = this.#length - 1;
      const own = this.#steps;
      const first = i;
      let sum = own.sum[n] as number;
      let seconds = own.weight[n] as number;
      let min = own.min[n] as number;
      let max = own.max[n] as number;
      let gap = own.gap[n] as number;
      for (; i < length && (times[i] as number) < end; i++) {
        const amount = amounts[i] as number;
        const weight = weights[i] as number;
        const rate = amount / weight;
        sum += amount;
        seconds += weight;
        min = Math.min(min, rate);
        max = Math.max(max, rate);
        gap |= gaps[i] as number;
      }
      if (i === first) continue;
      own.count[n] = (own.count[n] as number) + i - first;
      own.sum[n] = sum;
      own.weight[n] = seconds;
      own.min[n] = min;
      own.max[n] = max;
      own.last[n] = values[i - 1] as number;
      own.gap[n] = gap;
    }
  }

  #grow(): StepColumns {
    const grown = room(2 * this.#length);
    put(this.#steps, grown, 0);
    this.#steps = grown;
    return grown;
  }

  done(): StepColumns {
    return eachColumn(this.#steps, (column) => column.subarray(0, this.#length));
  }
}

/** Steps of columns as objects. */
export const bucketsAt = (steps: StepColumns): Bucket[] =>
  Array.from(steps.times, (start, n) => ({
    ...{ start, count: steps.count[n] as number, sum: steps.sum[n] as number, weight: steps.weight[n] as number },
    ...{ min: steps.min[n] as number, max: steps.max[n] as number, last: steps.last[n] as number },
    gap: steps.gap[n] === 1,
  }));

/** Folds steps, oldest first, into longer ones that hold a whole number of them; those that are as long are added up where they begin together. */
export function foldSteps(steps: StepColumns, grid: Grid): StepColumns {
  const { times, count, sum, weight, min, max, last, gap } = steps;
  const folded = new StepWriter(16);
  for (let n = 0; n < times.length; n++)
    folded.add(
      bucketStart(times[n] as number, grid),
      count[n] as number,
      sum[n] as number,
      weight[n] as number,
      min[n] as number,
      max[n] as number,
      last[n] as number,
      gap[n] as number,
    );
  return folded.done();
}

/** The steps from index `first` up to `end`. */
export const sliceSteps = (steps: StepColumns, first: number, end: number): StepColumns =>
  eachColumn(steps, (column) => column.subarray(first, end));

/** Runs of steps as one, oldest first; of those that begin together the earlier run's comes first. */
export function joinSteps(runs: StepColumns[]): StepColumns {
  const filled = runs.filter(({ times }) => times.length > 0);
  if (filled.length <= 1) return filled[0] ?? NO_STEPS;
  const joined = room(filled.reduce((sum, { times }) => sum + times.length, 0));
  let at = 0;
  for (const run of filled) {
    put(run, joined, at);
    at += run.times.length;
  }
  const { times } = joined;
  if (times.every((start, n) => n === 0 || (times[n - 1] as number) <= start)) return joined;
  const order = [...times.keys()].sort((a, b) => (times[a] as number) - (times[b] as number));
  return eachColumn(joined, (column) => Float64Array.from(order, (n) => column[n] as number));
}
