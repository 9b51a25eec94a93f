import type { MetricKind } from "#lib/contract/enums.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import type { Bucket } from "#lib/tsdb/chunks/steps.ts";

/** How steps become samples: steps of `stepMs`, each as a sample every `everyMs`, of which it holds a whole number. */
type Unrolling = { stepMs: number; everyMs: number; kind: MetricKind };

/**
 * A counter's total when it had `grown` so much of a step's growth. One that was reset in the step grows from where it was (`before`), falls to zero, and
 * ends at its last total.
 */
function totalAt({ sum, last }: Bucket, grown: number, before: number): number {
  const untilReset = sum - last;
  if (untilReset <= 0) return last - sum + grown;
  return grown < untilReset ? before + grown : grown - untilReset;
}

/**
 * The samples that steps, oldest first, stand for. A gauge has its mean all through a step; a counter grows evenly to its last total, so that its rate is
 * that of the step. Each sample stands at the end of its part of the step, ms since the epoch: it is not seen before it could have been measured.
 */
export function unrollBuckets(
  buckets: readonly Bucket[],
  { stepMs, everyMs, kind }: Unrolling,
): { times: number[]; values: number[] } {
  const [times, values]: [number[], number[]] = [[], []];
  const parts = stepMs / everyMs;
  let before = 0;
  for (const bucket of buckets) {
    for (let part = 1; part <= parts; part++) {
      times.push(bucket.start + part * everyMs - 1);
      if (!isCumulative(kind)) values.push(bucket.sum / bucket.weight);
      else values.push(part === parts ? bucket.last : totalAt(bucket, (bucket.sum * part) / parts, before));
    }
    before = bucket.last;
  }
  return { times, values };
}
