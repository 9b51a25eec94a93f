import type { APDEX_THRESHOLDS } from "#lib/contract/applications.ts";
import { bucketQuantile } from "#lib/promql/functions/histograms.ts";
import { finite } from "#lib/promql/series/points.ts";

export type Threshold = (typeof APDEX_THRESHOLDS)[number];

/** What was counted over a window: requests, those that failed, and by bound (s) those that took at most so long, in all and without failures. */
export type Tally = { requests: number; failed: number; buckets: Map<number, { count: number; succeeded: number }> };

/** Throughput (requests/s), share of errors, response times (s) and Apdex of something in a span. */
export type Figures = {
  requests: number;
  rate: number;
  errorRate: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  apdex: number | null;
};

/** The figures of what was counted over `windowS` seconds; Apdex by a threshold in seconds. */
export function figuresOf({ requests, failed, buckets }: Tally, windowS: number, threshold: Threshold): Figures {
  const share = (count: number) => (requests > 0 ? Math.min(1, Math.max(0, count / requests)) : null);
  const bounds = [...buckets].map(([bound, { count }]) => ({ bound, count }));
  const within = (bound: number) => buckets.get(bound)?.succeeded ?? 0;
  const quantile = (part: number) => finite(bucketQuantile(part, bounds));
  return {
    ...{ requests, rate: requests / windowS, errorRate: share(failed) },
    ...{ p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
    apdex: share((within(Number(threshold)) + within(4 * Number(threshold))) / 2),
  };
}
