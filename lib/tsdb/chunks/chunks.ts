import type { MetricKind } from "#lib/contract/enums.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { type Bucket, bucketsAt, type StepColumns } from "#lib/tsdb/chunks/steps.ts";
import { type ChunkColumns, decodeChunk, encodeChunk, peekChunk } from "#lib/tsdb/codec/chunk.ts";

/** Samples that are there, oldest first, as columns. */
export type SampleColumns = { times: Float64Array; values: Float64Array; intervals: Float64Array };

/** No samples. */
export const EMPTY_SAMPLES: SampleColumns = {
  times: new Float64Array(),
  values: new Float64Array(),
  intervals: new Float64Array(),
};

/** What a chunk's row says besides its data: over the finite values, 0 where there is none. */
export type Summary = { count: number; min: number; max: number; sum: number; last: number };

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

/** Count, minimum, maximum, sum and last of values. */
export function summarise(values: Float64Array): Summary {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return {
    count: values.length,
    min: finite(min),
    max: finite(max),
    sum: finite(sum),
    last: finite(values.at(-1) ?? 0),
  };
}

/** A raw chunk's bytes. */
export const encodeSamples = ({ times, values, intervals }: SampleColumns): Uint8Array =>
  encodeChunk({ times, columns: [values, intervals] });

function samplesOf({ times, columns }: ChunkColumns): SampleColumns {
  const [values, intervals] = columns as [Float64Array, Float64Array];
  return { times, values, intervals };
}

/** The samples of a raw chunk. @throws RangeError for bytes that are none */
export const decodeSamples = (data: Uint8Array): SampleColumns => samplesOf(decodeChunk(data));

/** As decodeSamples, but they are there only until the next call. @throws RangeError for bytes that are none */
export const peekSamples = (data: Uint8Array): SampleColumns => samplesOf(peekChunk(data));

/** The index of the first of ascending instants that is not before `at`. */
export function firstFrom(times: Float64Array, at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part of a run in [from, to), on its own where it is not all: the rest need not be kept. */
export function within(run: SampleColumns, { from, to }: { from: number; to: number }): SampleColumns {
  const { times, values, intervals } = run;
  const [first, end] = [firstFrom(times, from), firstFrom(times, to)];
  if (end - first === times.length) return run;
  return { times: times.slice(first, end), values: values.slice(first, end), intervals: intervals.slice(first, end) };
}

/** Runs that follow one another as one. */
export function concatenate(runs: SampleColumns[]): SampleColumns {
  if (runs.length <= 1) return runs[0] ?? EMPTY_SAMPLES;
  const length = runs.reduce((sum, run) => sum + run.times.length, 0);
  const all = {
    times: new Float64Array(length),
    values: new Float64Array(length),
    intervals: new Float64Array(length),
  };
  let at = 0;
  for (const run of runs) {
    all.times.set(run.times, at);
    all.values.set(run.values, at);
    all.intervals.set(run.intervals, at);
    at += run.times.length;
  }
  return all;
}

/** Two runs of samples as one, oldest first; of two at one instant the second run's counts, for it came later. */
export function mergeSamples(first: SampleColumns, second: SampleColumns): SampleColumns {
  if (first.times.length === 0) return second;
  if (second.times.length === 0) return first;
  if ((first.times.at(-1) as number) < (second.times[0] as number)) return concatenate([first, second]);
  const length = first.times.length + second.times.length;
  const merged = {
    times: new Float64Array(length),
    values: new Float64Array(length),
    intervals: new Float64Array(length),
  };
  let [i, j, n] = [0, 0, 0];
  while (i < first.times.length || j < second.times.length) {
    const a = i < first.times.length ? (first.times[i] as number) : Number.POSITIVE_INFINITY;
    const b = j < second.times.length ? (second.times[j] as number) : Number.POSITIVE_INFINITY;
    const [from, index] = a < b ? [first, i] : [second, j];
    merged.times[n] = from.times[index] as number;
    // By words, since a NaN's bits may not survive as a number.
    merged.values.set(from.values.subarray(index, index + 1), n);
    merged.intervals[n] = from.intervals[index] as number;
    n += 1;
    if (a <= b) i += 1;
    if (b <= a) j += 1;
  }
  return {
    times: merged.times.subarray(0, n),
    values: merged.values.subarray(0, n),
    intervals: merged.intervals.subarray(0, n),
  };
}

/** Decimal fractions add up to noise in their last bits, which would not compress: the noise goes, and nothing else. */
function tidy(value: number): number {
  const rounded = Math.round(value * 1e6) / 1e6;
  return Math.abs(rounded - value) <= 1e-12 * Math.max(1, Math.abs(value)) ? rounded : value;
}

/** A whole number has no noise, and beyond 2^53 / 1e6 rounding it would make some. A loop, since a column's map takes several times as long. */
function tidied(column: Float64Array): Float64Array {
  const result = new Float64Array(column.length);
  for (let i = 0; i < result.length; i++) {
    const value = column[i] as number;
    result[i] = Number.isInteger(value) ? value : tidy(value);
  }
  return result;
}

/** What a counter grew by between the last totals of two steps. */
const grown = (last: Float64Array, i: number): number => tidy((last[i] as number) - (last[i - 1] as number));

/** How far the growth of each step but the first is from what its last total says; undefined where that does not give it back to the bit. */
function beyondTotals(sum: Float64Array, last: Float64Array): Float64Array | undefined {
  if (sum.length === 0) return undefined;
  const rest = new Float64Array(sum.length);
  for (let i = 1; i < rest.length; i++) {
    const growth = grown(last, i);
    rest[i] = (sum[i] as number) - growth;
    if ((rest[i] as number) + growth !== sum[i]) return undefined;
  }
  return rest;
}

/** Steps as columns; a gauge's weight is its count and is left out. A counter's growth is left out as far as its totals say it; an eighth column then has the first. */
export function encodeSteps(steps: StepColumns, kind: MetricKind): Uint8Array {
  const { times, count, min, max, last, gap } = steps;
  const sum = tidied(steps.sum);
  const beyond = isCumulative(kind) ? beyondTotals(sum, last) : undefined;
  const columns = [count, beyond ?? sum, min, max, last, gap];
  if (isCumulative(kind)) columns.push(tidied(steps.weight));
  if (beyond) columns.push(new Float64Array(times.length).fill(sum[0] as number));
  return encodeChunk({ times, columns });
}

/** The rollups of a minute or hour chunk as columns. @throws RangeError for bytes that are none */
export function decodeSteps(data: Uint8Array): StepColumns {
  const { times, columns } = decodeChunk(data);
  const [count, sum, min, max, last, gap, weight = count, first] = columns as [Float64Array, ...Float64Array[]];
  if (first && sum && last) {
    sum[0] = first[0] as number;
    for (let i = 1; i < sum.length; i++) sum[i] = (sum[i] as number) + grown(last, i);
  }
  return { times, count, sum, weight, min, max, last, gap } as StepColumns;
}

/** The rollups of a minute or hour chunk. @throws RangeError for bytes that are none */
export const decodeBuckets = (data: Uint8Array): Bucket[] => bucketsAt(decodeSteps(data));
