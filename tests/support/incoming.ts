import type { IncomingSample, IncomingSeries } from "#lib/metrics/incoming.ts";

/** A series as a sender gives it, of one job and instance. */
export const series = (metric: string, labels: Record<string, string>, samples: IncomingSample[]): IncomingSeries => ({
  metric,
  labels: { job: "shop", instance: "a:80", ...labels },
  samples,
});
