import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** How long a sample stands for its series where there is no newer one, as in Prometheus. */
export const LOOKBACK_MS = 5 * MINUTE_MS;
/** The step of a subquery that names none: Prometheus' default interval of evaluation. */
export const SUBQUERY_STEP_MS = MINUTE_MS;
/** The most steps of a range query, as in Prometheus. */
export const MAX_STEPS = 11_000;
/** The most samples that a query may read and compute, of all its parts together: some 300 MB. */
export const MAX_QUERY_SAMPLES = 20_000_000;
/** How long a query may take. */
export const QUERY_LIMIT_MS = 30 * SECOND_MS;
