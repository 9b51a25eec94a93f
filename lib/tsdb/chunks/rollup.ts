import type { MetricKind } from "#lib/contract/enums.ts";
import { staleMarkers } from "#lib/metrics/stale-marker.ts";
import type { ZonePiece } from "#lib/time/zone.ts";

/** One series' samples, oldest first. `intervals[i]` is how long after sample i the next one was meant to come, in ms. */
export type Samples = {
  times: ArrayLike<number>;
  values: ArrayLike<number | null>;
  intervals: ArrayLike<number>;
};

/** The last sample before a range: what a counter's first growth is measured from. An interval of 0 says that the series had ended: whatever comes is after a gap. */
export type LastSample = { time: number; value: number; interval: number };

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

/** Steps of `stepMs` that begin at whole multiples of it, by the clock of a zone where there is one (as `zonePieces` has it). */
export type Grid = { stepMs: number; zone?: ZonePiece[] };

/** A pause of more than one and a half intervals means that a sample is missing. */
export const GAP = 1.5;

/** Where the step begins that an instant lies in; both in ms. A day of a zone begins at its midnight, also where clocks change on it. */
export function bucketStart(time: number, { stepMs, zone }: Grid): number {
  if (!zone) return Math.floor(time / stepMs) * stepMs;
  let n = zone.length - 1;
  while (n > 0 && time < (zone[n] as ZonePiece).from) n--;
  const { offsetMs } = zone[n] as ZonePiece;
  const local = Math.floor((time + offsetMs) / stepMs) * stepMs;
  // Where the step began before the clocks were changed, it began by the clock of then.
  while (n > 0 && local - (zone[n] as ZonePiece).offsetMs < (zone[n] as ZonePiece).from) n--;
  return local - (zone[n] as ZonePiece).offsetMs;
}

/** What a counter grew by; one that fell was reset to zero in between. */
export const growth = (before: number, now: number): number => (now >= before ? now - before : now);

/** Takes a sample that counts: its instant (ms), what it adds to the sum and the weight of its step, its value, and whether samples are missing before it. */
export type TakeSample = (time: number, amount: number, weight: number, value: number, gap: boolean) => void;

/**
 * Gives the samples of [from, to) that count, oldest first: what `rollupSamples` folds. Across a gap a counter has no growth: what happened in it is
 * not known to belong to any one step. Missing values and those that are not finite are no samples; after a stale marker there is a gap.
 */
export function eachSample(
  samples: Samples,
  range: { from: number; to: number },
  { kind, last, take }: { kind: MetricKind; last?: LastSample | undefined; take: TakeSample },
): void {
  let { time: before, value: valueBefore, interval } = last ?? { time: Number.NaN, value: 0, interval: 0 };
  let afterGap = false;
  const isGauge = kind === "gauge";
  const stale = samples.values instanceof Float64Array ? staleMarkers(samples.values) : undefined;
  for (let i = 0; i < samples.times.length; i++) {
    const time = samples.times[i] as number;
    const value = samples.values[i];
    if (stale?.[i]) interval = 0;
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    // Before the first there is none, nor a gap: NaN is less than nothing.
    const gap = time - before > GAP * Math.max(interval, 1);
    afterGap ||= gap;
    const hasBefore = !Number.isNaN(before);
    const weight = isGauge ? 1 : hasBefore && !gap ? (time - before) / 1000 : 0;
    if (time >= range.from && time < range.to && weight > 0) {
      take(time, isGauge ? value : growth(hasBefore ? valueBefore : value, value), weight, value, afterGap);
      afterGap = false;
    }
    before = time;
    valueBefore = value;
    interval = samples.intervals[i] ?? 0;
  }
}

/** Steps as columns, oldest first: when each begins (ms since the epoch), and what is kept of it; `gap` is 1 or 0. */
export type StepColumns = { times: Float64Array } & Record<Exclude<keyof Bucket, "start">, Float64Array>;

/** Steps that are made one after another. */
class StepWriter {
  readonly #times: number[] = [];
  readonly #columns = {
    ...{ count: [] as number[], sum: [] as number[], weight: [] as number[] },
    ...{ min: [] as number[], max: [] as number[], last: [] as number[], gap: [] as number[] },
  };

  add(start: number, amount: number, weight: number, value: number, gap: boolean): void {
    const level = amount / weight;
    const own = this.#columns;
    const n = this.#times.length - 1;
    if (n < 0 || this.#times[n] !== start) {
      this.#times.push(start);
      own.count.push(1);
      own.sum.push(amount);
      own.weight.push(weight);
      own.min.push(level);
      own.max.push(level);
      own.last.push(value);
      own.gap.push(gap ? 1 : 0);
      return;
    }
    own.count[n] = (own.count[n] as number) + 1;
    own.sum[n] = (own.sum[n] as number) + amount;
    own.weight[n] = (own.weight[n] as number) + weight;
    own.min[n] = Math.min(own.min[n] as number, level);
    own.max[n] = Math.max(own.max[n] as number, level);
    own.last[n] = value;
    if (gap) own.gap[n] = 1;
  }

  done(): StepColumns {
    const { count, sum, weight, min, max, last, gap } = this.#columns;
    const column = (numbers: number[]) => new Float64Array(numbers);
    return {
      ...{ times: column(this.#times), count: column(count), sum: column(sum), weight: column(weight) },
      ...{ min: column(min), max: column(max), last: column(last), gap: column(gap) },
    };
  }
}

/** Folds the samples of [from, to) into steps, oldest first. */
export function rollupSteps(
  samples: Samples,
  range: Grid & { from: number; to: number },
  kind: MetricKind,
  last?: LastSample,
): StepColumns {
  const steps = new StepWriter();
  const take: TakeSample = (time, amount, weight, value, gap) =>
    steps.add(bucketStart(time, range), amount, weight, value, gap);
  eachSample(samples, range, { kind, last, take });
  return steps.done();
}

/** Steps of columns as objects. */
export const bucketsAt = (steps: StepColumns): Bucket[] =>
  Array.from(steps.times, (start, n) => ({
    ...{ start, count: steps.count[n] as number, sum: steps.sum[n] as number, weight: steps.weight[n] as number },
    ...{ min: steps.min[n] as number, max: steps.max[n] as number, last: steps.last[n] as number },
    gap: steps.gap[n] === 1,
  }));

/** As rollupSteps, an object a step. */
export const rollupSamples = (
  samples: Samples,
  range: Grid & { from: number; to: number },
  kind: MetricKind,
  last?: LastSample,
): Bucket[] => bucketsAt(rollupSteps(samples, range, kind, last));

/** Folds steps, oldest first, into longer ones that hold a whole number of them. */
export function rollupBuckets(buckets: Bucket[], grid: Grid): Bucket[] {
  const folded: Bucket[] = [];
  for (const bucket of buckets) {
    const start = bucketStart(bucket.start, grid);
    const into = folded.at(-1);
    if (into?.start !== start) {
      folded.push({ ...bucket, start });
      continue;
    }
    into.count += bucket.count;
    into.sum += bucket.sum;
    into.weight += bucket.weight;
    into.min = Math.min(into.min, bucket.min);
    into.max = Math.max(into.max, bucket.max);
    into.last = bucket.last;
    into.gap ||= bucket.gap;
  }
  return folded;
}
