import type { MetricKind } from "#lib/contract/enums.ts";

/** A sample from outside: `at` in ms since 1970; `stale` says that the series ended there (Prometheus' stale marker), whatever the value. */
export type IncomingSample = { at: number; value: number; stale?: boolean };

/** A series from outside with what came of it at once. Labels are without the metric's name. */
export type IncomingSeries = {
  metric: string;
  labels: Record<string, string>;
  kind?: MetricKind;
  unit?: string;
  help?: string;
  samples: IncomingSample[];
};
