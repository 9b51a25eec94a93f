/** One bucket of a classic histogram: how many observations are at most its bound. */
export type Bucket = { bound: number; count: number };

/** Buckets by their bounds, those of one bound together, no count below one before it: a scrape may have caught the buckets at different instants. */
function tidy(buckets: Bucket[]): Bucket[] {
  const sorted = buckets.toSorted((a, b) => a.bound - b.bound || 0);
  const tidied: Bucket[] = [];
  for (const { bound, count } of sorted) {
    const last = tidied.at(-1);
    if (last?.bound === bound) last.count += count;
    else tidied.push({ bound, count });
  }
  let most = tidied[0]?.count ?? 0;
  for (const bucket of tidied.slice(1)) {
    if (bucket.count > most) most = bucket.count;
    else if (bucket.count < most) bucket.count = most;
  }
  return tidied;
}

/** The first of all but the last bucket that holds a rank, by halving, as Prometheus searches; the last where none does. */
function searchBucket(buckets: Bucket[], rank: number): number {
  let [low, high] = [0, buckets.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((buckets[middle] as Bucket).count >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A quantile of the observations that classic buckets hold, as if they were spread evenly within each. NaN without any, or without a bucket up
 * to +Inf; a quantile in that bucket is the bound below it.
 */
export function bucketQuantile(quantile: number, all: Bucket[]): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const buckets = tidy(all);
  const last = buckets.at(-1);
  if (last?.bound !== Number.POSITIVE_INFINITY || buckets.length < 2 || last.count === 0) return Number.NaN;
  const rank = quantile * last.count;
  const n = searchBucket(buckets, rank);
  if (n === buckets.length - 1) return (buckets.at(-2) as Bucket).bound;
  const { bound, count } = buckets[n] as Bucket;
  if (n === 0 && bound <= 0) return bound;
  const below = n > 0 ? (buckets[n - 1] as Bucket) : { bound: 0, count: 0 };
  return below.bound + (bound - below.bound) * ((rank - below.count) / (count - below.count));
}
