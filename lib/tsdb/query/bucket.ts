import { type Aggregate, MAX_POINTS, type MetricKind } from "#lib/contract/enums.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import type { Grid } from "#lib/tsdb/chunks/grid.ts";
import { eachSample, type Samples } from "#lib/tsdb/chunks/rollup.ts";
import { foldOf, type Point, pointsOf } from "#lib/tsdb/query/fold.ts";

/** The points that have a value. */
export const withoutGaps = (points: readonly Point[]): [number, number][] =>
  points.filter((point): point is [number, number] => point[1] !== null);

export type BucketRange = Grid & { from: number; to: number };

/** Samples as points a step apart. */
export function bucketise(samples: Samples, range: BucketRange, kind: MetricKind, aggregate: Aggregate): Point[] {
  const fold = foldOf(range, aggregate);
  eachSample(samples, range, { kind, take: (block) => fold.samples(block) });
  return pointsOf(fold.done());
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
