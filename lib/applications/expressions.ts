// Selectors of the durations of spans, in PromQL.

/** Requests that a service serves, and messages that it takes. */
const SERVED = 'span_kind=~"server|consumer"';

/** A text as a PromQL string. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A service, or one operation of it: of a kind of span where two kinds have one of that name. */
export type Subject = { service: string; operation?: string | undefined; kind?: string | undefined };

/** What is counted, and by which labels it is grouped. */
export type Scope = { matchers: string; by: string[] };

/** What each service serves, or the one of a name on each host. */
export const ofServices = (service: string | undefined): Scope => ({
  matchers: service === undefined ? SERVED : `job=${quoted(service)}, ${SERVED}`,
  by: ["host", "host_id", "job"],
});
/** What a service serves and calls, by operation. */
export const ofOperations = (service: string): Scope => ({
  matchers: `job=${quoted(service)}`,
  by: ["operation", "span_kind"],
});

/** A service's operation, or all that it serves together. */
export function ofSubject({ service, operation, kind }: Subject): Scope {
  const matchers = [
    `job=${quoted(service)}`,
    kind === undefined ? SERVED : `span_kind=${quoted(kind)}`,
    ...(operation === undefined ? [] : [`operation=${quoted(operation)}`]),
  ];
  return { matchers: matchers.join(", "), by: ["job"] };
}

/** The series that hold the counts, or the buckets, of a scope. */
export const seriesOf = ({ matchers }: Scope, part: "count" | "bucket"): string =>
  `traces_span_duration_${part}{${matchers}}`;
