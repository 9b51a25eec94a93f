import type { COUNTED_KINDS } from "#lib/contract/applications.ts";

/** A service on the host of its input, or one operation of it. */
export type Subject = { host: number; service: string; operation?: string | undefined; kind?: Kind | undefined };
export type Kind = (typeof COUNTED_KINDS)[number];

type Values = Record<string, string | number | undefined>;

function searchOf(values: Values): string {
  const entries = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return new URLSearchParams(entries).toString();
}

/** The list of services, of the range that the page which leads there shows. */
export const applicationsHref = (time: Values): string => `/applications?${searchOf(time)}`;

/** The page of a service, or of an operation of it, of the range that the page which leads there shows. */
export const serviceHref = ({ host, service, operation, kind }: Subject, time: Values = {}): string =>
  `/applications/service?${searchOf({ host, service, operation, kind, ...time })}`;

/** The traces that are kept, of a service or an operation; those around an instant (ms) where one is given. */
export const tracesHref = (subject: Pick<Subject, "host"> & Partial<Subject>, at?: number): string =>
  `/applications/traces?${searchOf({ host: subject.host, service: subject.service, operation: subject.operation, at: at && Math.round(at) })}`;

export const traceHref = (host: number, traceId: string): string => `/applications/traces/${traceId}?host=${host}`;
