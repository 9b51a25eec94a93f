/** Counts at or below each bound, the last being those of all; bounds ascend and lack infinity. */
export type BucketCounts = { bounds: number[]; counts: number[] };

/** A histogram by bounds of its own: how many values each bucket has, the last being that above all bounds. */
export type ExplicitHistogram = { explicitBounds?: number[]; bucketCounts?: number[]; count?: number };

/** How many values a bucket has; one of index n holds what is above base^n up to base^(n + 1). */
type IndexedCount = readonly [index: number, count: number];

/** A histogram whose bounds are powers of base, which is 2^(2^-scale); `below` counts what is zero or negative. */
export type ExponentialHistogram = { scale: number; below: number[]; positive: Iterable<IndexedCount> };

/** So many bounds a histogram may have. */
const MAX_BOUNDS = 200;

const NEGATIVE_COUNT = "a bucket has a negative count";
const isCount = (count: number): boolean => Number.isFinite(count) && count >= 0;

/** The buckets of a histogram as Prometheus has them; a text that says what is wrong with them. */
export function explicitBuckets({
  explicitBounds: bounds = [],
  bucketCounts = [],
  count = 0,
}: ExplicitHistogram): BucketCounts | string {
  if (bounds.length > MAX_BOUNDS) return `it has ${bounds.length} bounds: at most ${MAX_BOUNDS} are stored`;
  if (bucketCounts.length === 0 && bounds.length === 0) return { bounds: [], counts: [count] };
  if (bucketCounts.length !== bounds.length + 1)
    return `it has ${bucketCounts.length} buckets and ${bounds.length} bounds: one more bucket than bounds is needed`;
  if (bounds.some((bound, n) => Number.isNaN(bound) || (n > 0 && bound <= (bounds[n - 1] as number))))
    return "its bounds do not ascend";
  if (!bucketCounts.every(isCount)) return NEGATIVE_COUNT;
  let below = 0;
  const counts = bucketCounts.map((own) => {
    below += own;
    return below;
  });
  // A bound at infinity is the last one, which each histogram has.
  const finite = bounds.filter((bound) => bound !== Number.POSITIVE_INFINITY);
  return { bounds: finite, counts: [...counts.slice(0, finite.length), below] };
}

/** The powers of two that are bounds, by unit: from a tenth of a millisecond to an hour, from 16 B to 64 GiB. */
const EXPONENTS: Record<string, [from: number, to: number]> = {
  s: [-13, 12],
  ms: [-3, 22],
  us: [7, 32],
  ns: [17, 42],
  By: [4, 36],
  seconds: [-13, 12],
  bytes: [4, 36],
};
const OTHER: [number, number] = [-10, 30];

/** The exponent of the power of two at or above all values of a bucket. */
function exponentOf(index: number, scale: number): number {
  if (scale > 0) return Math.floor(index / 2 ** scale) + 1;
  return (index + 1) * 2 ** -scale;
}

/**
 * An exponential histogram by the powers of two, whatever its scale is: each finer bucket lies within one of these, so that no count is lost when the
 * scale changes. Below the least bound and above the largest there is one bucket each; what is zero or negative is below.
 */
export function exponentialBuckets(
  { scale, below, positive }: ExponentialHistogram,
  unit: string,
): BucketCounts | string {
  if (!Number.isInteger(scale) || Math.abs(scale) > 30) return `its scale is ${scale}: it must be from -30 to 30`;
  const [from, to] = EXPONENTS[unit] ?? OTHER;
  const counts: number[] = new Array(to - from + 2).fill(0);
  const add = (position: number, count: number) => {
    const n = Math.min(Math.max(position, 0), counts.length - 1);
    counts[n] = (counts[n] ?? 0) + count;
  };
  for (const count of below) {
    if (!isCount(count)) return NEGATIVE_COUNT;
    add(0, count);
  }
  for (const [index, count] of positive) {
    if (!isCount(count)) return NEGATIVE_COUNT;
    if (count > 0) add(exponentOf(index, scale) - from, count);
  }
  let total = 0;
  const cumulative = counts.map((count) => {
    total += count;
    return total;
  });
  return { bounds: Array.from({ length: to - from + 1 }, (_, n) => 2 ** (from + n)), counts: cumulative };
}

/** A number as Prometheus writes it in a label. */
export function boundText(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return "+Inf";
  return bound === Number.NEGATIVE_INFINITY ? "-Inf" : String(bound);
}
