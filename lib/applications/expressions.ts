// What is asked of the durations of spans, in PromQL.

const DURATION = "traces_span_duration";
/** Requests that a service serves, and messages that it takes. */
const SERVED = 'span_kind=~"server|consumer"';

/** A text as a PromQL string. */
const quoted = (text: string): string => JSON.stringify(text);

/** What is counted, by which labels it is grouped, and over how long (s). */
export type Scope = { matchers: string; by: string; windowS: number };

/** What each service serves. */
export const OF_ALL: Omit<Scope, "windowS"> = { matchers: SERVED, by: "host, host_id, job" };
/** What a service serves and calls, by operation. */
export const ofOperations = (service: string): Omit<Scope, "windowS"> => ({
  matchers: `job=${quoted(service)}`,
  by: "operation, span_kind",
});
/** What a service serves, all operations together. */
export const ofService = (service: string): Omit<Scope, "windowS"> => ({
  matchers: `job=${quoted(service)}, ${SERVED}`,
  by: "job",
});

const sum = ({ matchers, by, windowS }: Scope, part: string, more = "", add = ""): string =>
  `sum by (${by}${add}) (increase(${DURATION}_${part}{${matchers}${more}}[${windowS}s]))`;

/** How many there were. */
export const countOf = (scope: Scope): string => sum(scope, "count");
/** How many failed. */
export const errorsOf = (scope: Scope): string => sum(scope, "count", ', status="error"');
/** A quantile of durations, seconds. */
export const quantileOf = (scope: Scope, quantile: number): string =>
  `histogram_quantile(${quantile}, ${sum(scope, "bucket", "", ", le")})`;
/** How many took at most so long; a bound of the buckets. */
export const withinOf = (scope: Scope, bound: string): string =>
  sum(scope, "bucket", `, status="ok", le=${quoted(bound)}`);
