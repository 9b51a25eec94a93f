import { type Aggregate, MAX_POINTS, type MetricKind } from "#lib/contract/enums.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { type Bucket, bucketStart, type Grid, rollupSamples, type Samples } from "#lib/tsdb/chunks/rollup.ts";

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
type QuantileName = keyof typeof QUANTILES;

/** [start of the step in ms since the epoch, value]; null marks a gap, so that no line is drawn across it. */
export type Point = [number, number | null];

/** The points that have a value. */
export const withoutGaps = (points: readonly Point[]): [number, number][] =>
  points.filter((point): point is [number, number] => point[1] !== null);

export type BucketRange = Grid & { from: number; to: number };

/** A quantile needs every sample; all else can be had from what is kept of each step. */
export const needsSamples = (aggregate: Aggregate): aggregate is QuantileName => Object.hasOwn(QUANTILES, aggregate);

/** A counter is read as its rate per second for avg, min and max; its sum is what it grew by. */
const PICK: Record<Exclude<Aggregate, QuantileName>, (bucket: Bucket) => number> = {
  avg: (b) => b.sum / b.weight,
  rate: (b) => b.sum / b.weight,
  increase: (b) => b.sum,
  sum: (b) => b.sum,
  min: (b) => b.min,
  max: (b) => b.max,
  last: (b) => b.last,
  count: (b) => b.count,
};

/** Steps as points. A gap inside one step hides in its average; one between steps is drawn. */
export function toPoints(buckets: Bucket[], stepMs: number, aggregate: Exclude<Aggregate, QuantileName>): Point[] {
  return drawGaps(buckets, stepMs, PICK[aggregate]);
}

function drawGaps<B extends { start: number; gap: boolean }>(
  buckets: B[],
  stepMs: number,
  pick: (bucket: B) => number,
): Point[] {
  const points: Point[] = [];
  for (const bucket of buckets) {
    const previous = points.at(-1);
    if (previous && bucket.gap && bucket.start - previous[0] > stepMs) points.push([previous[0] + stepMs, null]);
    points.push([bucket.start, pick(bucket)]);
  }
  return points;
}

/** The quantile of each step's samples; of a counter, of its rates. */
export function quantilePoints(
  samples: Samples,
  range: BucketRange,
  kind: MetricKind,
  aggregate: QuantileName,
): Point[] {
  // Each sample by itself: its own instant is its step, whatever the zone.
  return quantileOfBuckets(
    rollupSamples(samples, { from: range.from, to: range.to, stepMs: 1 }, kind),
    range,
    aggregate,
  );
}

/** The quantile of the means of what each step holds. */
export function quantileOfBuckets(single: Bucket[], range: Grid, aggregate: QuantileName): Point[] {
  const groups: { start: number; gap: boolean; values: number[] }[] = [];
  for (const { start: at, sum, weight, gap } of single) {
    const start = bucketStart(at, range);
    const group = groups.at(-1);
    if (group?.start === start) {
      group.values.push(sum / weight);
      group.gap ||= gap;
    } else groups.push({ start, gap, values: [sum / weight] });
  }
  return drawGaps(groups, range.stepMs, ({ values }) => quantile(values, QUANTILES[aggregate]));
}

/** Samples as points a step apart. */
export function bucketise(samples: Samples, range: BucketRange, kind: MetricKind, aggregate: Aggregate): Point[] {
  if (needsSamples(aggregate)) return quantilePoints(samples, range, kind, aggregate);
  return toPoints(rollupSamples(samples, range, kind), range.stepMs, aggregate);
}

const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE_MS),
  ...[1, 2, 3, 6, 12, 24, 168].map((n) => n * HOUR_MS),
];

/** A step for a span (ms) that is at least `leastMs` and makes no more points than a query may have. */
export const affordableStep = (spanMs: number, leastMs: number): number =>
  spanMs / leastMs <= MAX_POINTS ? leastMs : roundStep(spanMs, MAX_POINTS);

/** The shortest round step that gives at most `points` points over the span, both in ms. */
export function roundStep(spanMs: number, points: number): number {
  return STEPS_MS.find((step) => spanMs / step <= points) ?? Math.ceil(spanMs / points / HOUR_MS) * HOUR_MS;
}
