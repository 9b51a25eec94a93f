import type { Kind } from "#lib/metrics/catalogue.ts";

/** One series' samples, oldest first. `intervals[i]` is how long after sample i the next one was meant to come, in ms. */
export type Samples = { times: number[]; values: (number | null)[]; intervals: number[] };

export const AGGREGATES = ["avg", "min", "max", "sum", "last", "count", "rate", "increase"] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** [start of the bucket in ms since the epoch, value]; null marks a gap, so that no line is drawn across it. */
export type Point = [number, number | null];

export type BucketRange = { from: number; to: number; stepMs: number };

type Bucket = { sum: number; weight: number; min: number; max: number; total: number; last: number; count: number };

/** A pause of more than one and a half intervals means that a sample is missing. */
const GAP = 1.5;

/**
 * Samples as points a step apart, aligned to whole multiples of the step. A counter is read as the rate per second
 * since the sample before (time-weighted in the bucket); where it falls it was reset to zero, and its new value is the
 * growth. Across a gap a counter has no rate: what happened in it is not known to belong to any one bucket.
 */
export function bucketise(samples: Samples, range: BucketRange, kind: Kind, aggregate: Aggregate): Point[] {
  const buckets = new Map<number, Bucket>();
  const gaps = new Set<number>();
  let before: { time: number; value: number; interval: number } | undefined;
  let afterGap = false;
  for (let i = 0; i < samples.times.length; i++) {
    const time = samples.times[i] as number;
    const value = samples.values[i];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    const start = Math.floor(time / range.stepMs) * range.stepMs;
    const inside = time >= range.from && time < range.to;
    const gap = before !== undefined && time - before.time > GAP * Math.max(before.interval, 1);
    afterGap ||= gap;
    const seconds = kind === "gauge" ? 1 : before && !gap ? (time - before.time) / 1000 : 0;
    if (inside && seconds > 0) {
      if (afterGap) gaps.add(start);
      afterGap = false;
      add(buckets, start, kind === "gauge" ? value : growth(before?.value ?? value, value) / seconds, seconds, value);
    }
    before = { time, value, interval: samples.intervals[i] ?? 0 };
  }
  return toPoints(buckets, gaps, range.stepMs, aggregate);
}

/** What a counter grew by; one that fell was reset to zero in between. */
const growth = (before: number, now: number) => (now >= before ? now - before : now);

function add(buckets: Map<number, Bucket>, start: number, value: number, weight: number, raw: number): void {
  const bucket = buckets.get(start) ?? { sum: 0, weight: 0, min: value, max: value, total: 0, last: raw, count: 0 };
  bucket.sum += value * weight;
  bucket.weight += weight;
  bucket.min = Math.min(bucket.min, value);
  bucket.max = Math.max(bucket.max, value);
  bucket.total += raw;
  bucket.last = raw;
  bucket.count += 1;
  buckets.set(start, bucket);
}

const PICK: Record<Aggregate, (bucket: Bucket) => number> = {
  avg: (b) => b.sum / b.weight,
  rate: (b) => b.sum / b.weight,
  increase: (b) => b.sum,
  min: (b) => b.min,
  max: (b) => b.max,
  sum: (b) => b.total,
  last: (b) => b.last,
  count: (b) => b.count,
};

function toPoints(buckets: Map<number, Bucket>, gaps: Set<number>, stepMs: number, aggregate: Aggregate): Point[] {
  const pick = PICK[aggregate];
  const points: Point[] = [];
  for (const [start, bucket] of buckets) {
    const previous = points.at(-1);
    // A gap inside one bucket hides in its average; one between buckets is drawn.
    if (previous && gaps.has(start) && start - previous[0] > stepMs) points.push([previous[0] + stepMs, null]);
    points.push([start, pick(bucket)]);
  }
  return points;
}

/** Joins blocks of samples of one series, each of one interval, into one in order of time. */
export function joinSamples(blocks: { times: number[]; values: (number | null)[]; intervalMs: number }[]): Samples {
  const [only] = blocks;
  if (blocks.length === 1 && only) {
    return { times: only.times, values: only.values, intervals: only.times.map(() => only.intervalMs) };
  }
  const rows = blocks.flatMap((block) =>
    block.times.map((time, i) => ({ time, value: block.values[i] ?? null, interval: block.intervalMs })),
  );
  rows.sort((a, b) => a.time - b.time);
  return { times: rows.map((r) => r.time), values: rows.map((r) => r.value), intervals: rows.map((r) => r.interval) };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 168].map((n) => n * HOUR),
];

/** The shortest round step that gives at most `points` points over the span, both in ms. */
export function roundStep(spanMs: number, points: number): number {
  return STEPS_MS.find((step) => spanMs / step <= points) ?? Math.ceil(spanMs / points / HOUR) * HOUR;
}
