import type { MetricKind } from "#lib/contract/enums.ts";
import { staleMarkers } from "#lib/metrics/stale-marker.ts";
import type { Grid } from "#lib/tsdb/chunks/grid.ts";
import { type SampleBlock, type StepColumns, StepWriter } from "#lib/tsdb/chunks/steps.ts";

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

const BLOCK = 512;

/** Made once: whoever takes a block is done with it when it returns. */
const block: SampleBlock = {
  length: 0,
  ...{ times: new Float64Array(BLOCK), amounts: new Float64Array(BLOCK), weights: new Float64Array(BLOCK) },
  ...{ values: new Float64Array(BLOCK), gaps: new Uint8Array(BLOCK) },
};

const NO_MARKERS = new Uint8Array();

/**
 * Gives the samples of [from, to) that count, oldest first, a block at a time: what `rollupSteps` folds. Across a gap a counter has no growth: what happened in it is
 * not known to belong to any one step. Missing values and those that are not finite are no samples; after a stale marker there is a gap.
 */
export function eachSample(
  samples: Samples,
  { from, to }: { from: number; to: number },
  { kind, last, take }: { kind: MetricKind; last?: LastSample | undefined; take(block: SampleBlock): void },
): void {
  let before = last?.time ?? Number.NaN;
  let valueBefore = last?.value ?? 0;
  let interval = last?.interval ?? 0;
  let afterGap = false;
  const isGauge = kind === "gauge";
  const { times, amounts, weights, values, gaps } = block;
  let stale: Uint8Array | undefined;
  let n = 0;
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
    if (time >= from && time < to && weight > 0) {
      times[n] = time;
      amounts[n] = isGauge ? value : growth(hasBefore ? valueBefore : value, value);
      weights[n] = weight;
      values[n] = value;
      gaps[n] = afterGap ? 1 : 0;
      n += 1;
      afterGap = false;
      if (n === BLOCK) {
        block.length = n;
        take(block);
        n = 0;
      }
    }
    before = time;
    valueBefore = value;
    interval = samples.intervals[i] ?? 0;
  }
  block.length = n;
  if (n > 0) take(block);
}

/** Folds the samples of [from, to) into steps, oldest first. */
export function rollupSteps(
  samples: Samples,
  range: Grid & { from: number; to: number },
  kind: MetricKind,
  last?: LastSample,
): StepColumns {
  const { stepMs, from, to } = range;
  const { times } = samples;
  const spanMs = Math.min(to, times[times.length - 1] ?? from) - Math.max(from, times[0] ?? from);
  const steps = new StepWriter(Math.min(times.length, Math.ceil(Math.max(0, spanMs) / stepMs) + 1));
  eachSample(samples, range, { kind, last, take: (counted) => steps.addSamples(counted, range) });
  return steps.done();
}
