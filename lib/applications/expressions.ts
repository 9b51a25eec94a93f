// What is asked of the durations of spans, in PromQL.

const DURATION = "traces_span_duration";
/** Requests that a service serves, and messages that it takes. */
const SERVED = 'span_kind=~"server|consumer"';

/** A text as a PromQL string. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A service, or one operation of it: of a kind of span where two kinds have one of that name. */
export type Subject = { service: string; operation?: string | undefined; kind?: string | undefined };

/** What is counted, by which labels it is grouped, and over how long (s). */
export type Scope = { matchers: string; by: string; windowS: number };

/** What each service serves, or the one of a name on each host. */
export const ofServices = (service: string | undefined): Omit<Scope, "windowS"> => ({
  matchers: service === undefined ? SERVED : `job=${quoted(service)}, ${SERVED}`,
  by: "host, host_id, job",
});
/** What a service serves and calls, by operation. */
export const ofOperations = (service: string): Omit<Scope, "windowS"> => ({
  matchers: `job=${quoted(service)}`,
  by: "operation, span_kind",
});

/** A service's operation, or all that it serves together. */
export function ofSubject({ service, operation, kind }: Subject): Omit<Scope, "windowS"> {
  const matchers = [
    `job=${quoted(service)}`,
    kind === undefined ? SERVED : `span_kind=${quoted(kind)}`,
    ...(operation === undefined ? [] : [`operation=${quoted(operation)}`]),
  ];
  return { matchers: matchers.join(", "), by: "job" };
}

const sum = ({ matchers, by, windowS }: Scope, part: string, more: string): string =>
  `sum by (${by}, ${more}) (increase(${DURATION}_${part}{${matchers}}[${windowS}s]))`;

/** How many there were, by status too. */
export const countsOf = (scope: Scope): string => sum(scope, "count", "status");
/** How many took at most so long, by bound and status too. */
export const bucketsOf = (scope: Scope): string => sum(scope, "bucket", "le, status");
/** How many took at most so long, by bound. */
export const latenciesOf = (scope: Scope): string => sum(scope, "bucket", "le");
