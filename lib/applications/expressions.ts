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

const sum = ({ matchers, by, windowS }: Scope, part: string, more: string): string =>
  `sum by (${by}, ${more}) (increase(${DURATION}_${part}{${matchers}}[${windowS}s]))`;

/** How many there were, by status too. */
export const countsOf = (scope: Scope): string => sum(scope, "count", "status");
/** How many took at most so long, by bound and status too. */
export const bucketsOf = (scope: Scope): string => sum(scope, "bucket", "le, status");
