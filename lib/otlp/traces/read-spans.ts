import { toMs } from "#lib/otlp/metrics/read-points.ts";
import { cleanText } from "#lib/otlp/resource/attributes.ts";
import { readTarget, serviceOf } from "#lib/otlp/resource/target.ts";
import { maskedAttributes, maskName, maskText } from "#lib/otlp/traces/mask.ts";
import { isFailed, kindOf, operationOf, readNames, type SpanKind } from "#lib/otlp/traces/span.ts";
import type { Span, TraceRequest } from "#lib/otlp/wire/messages.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** A span as it is kept with its trace. `startedAt` is in ms, `duration` in seconds. */
export type KeptSpan = {
  spanId: string;
  parentSpanId: string;
  service: string;
  name: string;
  kind: SpanKind;
  startedAt: number;
  duration: number;
  failed: boolean;
  message: string;
  attributes: Record<string, string>;
  events: { at: number; name: string; attributes: Record<string, string> }[];
};

/** A span that came: by what it is counted, and what of it is kept, made only where that is. */
export type ReadSpan = {
  traceId: string;
  spanId: string;
  service: string;
  environment: string;
  operation: string;
  kind: SpanKind;
  failed: boolean;
  startedAt: number;
  endedAt: number;
  duration: number;
  keep: () => KeptSpan;
};

type Reject = (reason: "invalid_span" | "too_old" | "ahead_of_clock", spans: number, example: () => string) => void;

/** A span may end so long before it comes, and its clock be so far ahead. */
const LATE_MS = 15 * MINUTE_MS;
const AHEAD_MS = 5 * MINUTE_MS;
/** Longer than anybody waits: a start at 0 makes it 56 years. */
const MAX_DURATION_S = (24 * HOUR_MS) / 1_000;
const MAX_EVENTS = 8;
const MAX_NAME = 200;

const isId = (id: string | undefined, digits: number): id is string => id?.length === digits && !/^0+$/.test(id);

/** Why a span cannot be counted. */
function refusalOf(span: Span, now: number): ["invalid_span" | "too_old" | "ahead_of_clock", string] | undefined {
  const { traceId, spanId, startTimeUnixNano: start = 0n, endTimeUnixNano: end = 0n } = span;
  if (!isId(traceId, 32) || !isId(spanId, 16))
    return ["invalid_span", "it needs a trace id of 16 bytes and a span id of 8"];
  if (end < start) return ["invalid_span", "it ends before it starts"];
  if (toMs(end) < now - LATE_MS) return ["too_old", "it ended more than 15 minutes ago"];
  if (toMs(end) > now + AHEAD_MS) return ["ahead_of_clock", "it ends ahead of the portal's clock"];
  if (Number(end - start) / 1e9 > MAX_DURATION_S) return ["invalid_span", "it took more than a day"];
  return undefined;
}

const shownName = ({ name = "" }: Span): string => maskText(cleanText(maskName(name.slice(0, 4 * MAX_NAME)), MAX_NAME));

/** The spans of a request, and how many were sent. One that cannot be counted is rejected and stops no other. */
export function readSpans(
  { resourceSpans = [] }: TraceRequest,
  now: number,
  reject: Reject,
): { sent: number; spans: ReadSpan[] } {
  const spans: ReadSpan[] = [];
  let sent = 0;
  for (const { resource, scopeSpans = [] } of resourceSpans) {
    const target = readTarget(resource);
    const service = serviceOf(target);
    const environment = target.labels["deployment.environment"] ?? "";
    for (const { spans: own = [] } of scopeSpans)
      for (const span of own) {
        sent += 1;
        const refusal = refusalOf(span, now);
        if (refusal) reject(refusal[0], 1, () => `${service} ${shownName(span)}: ${refusal[1]}`);
        else spans.push(readSpan(span, { service, environment }));
      }
  }
  return { sent, spans };
}

function readSpan(span: Span, { service, environment }: { service: string; environment: string }): ReadSpan {
  const { traceId = "", spanId = "", startTimeUnixNano: start = 0n, endTimeUnixNano: end = 0n } = span;
  const kind = kindOf(span);
  const names = readNames(span);
  const failed = isFailed(span, kind, names);
  const duration = Number(end - start) / 1e9;
  const [startedAt, endedAt] = [toMs(start), toMs(end)];
  return {
    ...{ traceId, spanId, service, environment, kind, failed, startedAt, endedAt, duration },
    operation: operationOf(span, kind, names),
    keep: () => ({
      ...{ spanId, service, kind, startedAt, duration, failed },
      parentSpanId: span.parentSpanId ?? "",
      name: shownName(span),
      message: maskText(span.status?.message ?? ""),
      attributes: maskedAttributes(span.attributes),
      events: (span.events ?? []).slice(0, MAX_EVENTS).map(({ timeUnixNano, name = "", attributes }) => ({
        at: toMs(timeUnixNano),
        name: maskText(cleanText(name, MAX_NAME)),
        attributes: maskedAttributes(attributes),
      })),
    }),
  };
}
