import type { MetricKind } from "#lib/contract/enums.ts";
import { staleMarkers } from "#lib/metrics/stale-marker.ts";
import { bucketStart, type Grid } from "#lib/tsdb/chunks/grid.ts";
import { type StepColumns, StepWriter } from "#lib/tsdb/chunks/steps.ts";

/** One series' samples, oldest first. `intervals[i]` is how long after sample i the next one was meant to come, in ms. */
export type Samples = {
  times: ArrayLike<number>;
  values: ArrayLike<number | null>;
  intervals: ArrayLike<number>;
};

/** The last sample before a range: what a counter's first growth is measured from. An interval of 0 says that the series had ended: whatever comes is after a gap. */
export type LastSample = { time: number; value: number; interval: number };

/** A pause of more than one and a half intervals means that a sample is missing. */
export const GAP = 1.5;

/** What a counter grew by; one that fell was reset to zero in between. */
export const growth = (before: number, now: number): number => (now >= before ? now - before : now);

/** Takes a sample that counts: its instant (ms), what it adds to the sum and the weight of its step, its value, and whether samples are missing before it. */
export type TakeSample = (time: number, amount: number, weight: number, value: number, gap: boolean) => void;

const NO_MARKERS = new Uint8Array();

/**
 * Gives the samples of [from, to) that count, oldest first: what `rollupSteps` folds. Across a gap a counter has no growth: what happened in it is
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
  let stale: Uint8Array | undefined;
  for (let i = 0; i < samples.times.length; i++) {
    const time = samples.times[i] as number;
    const value = samples.values[i];
    if (value === null || value === undefined || !Number.isFinite(value)) {
      if (samples.values instanceof Float64Array) stale ??= staleMarkers(samples.values) ?? NO_MARKERS;
      if (stale?.[i]) interval = 0;
      continue;
    }
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

/** Folds the samples of [from, to) into steps, oldest first. */
export function rollupSteps(
  samples: Samples,
  range: Grid & { from: number; to: number },
  kind: MetricKind,
  last?: LastSample,
): StepColumns {
  const { stepMs, zone, from, to } = range;
  const steps = new StepWriter(Math.min(samples.times.length, Math.ceil((to - from) / stepMs) + 1));
  // The step that the last sample was in; in a zone some are shorter.
  let [start, end] = [Number.NaN, Number.NaN];
  const take: TakeSample = (time, amount, weight, value, gap) => {
    if (!(time >= start && time < end)) {
      start = bucketStart(time, range);
      end = zone ? start : start + stepMs;
    }
    const level = amount / weight;
    steps.add(start, 1, amount, weight, level, level, value, gap ? 1 : 0);
  };
  eachSample(samples, range, { kind, last, take });
  return steps.done();
}
