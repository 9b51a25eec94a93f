import { cleanText, readAttributes } from "#lib/otlp/resource/attributes.ts";
import { maskName, maskRoute } from "#lib/otlp/traces/mask.ts";
import type { Span } from "#lib/otlp/wire/messages.ts";

const SPAN_KINDS = ["internal", "server", "client", "producer", "consumer"] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

const MAX_OPERATION = 120;

/** A number of OTLP, in which 0 says nothing and 1 is internal. */
export const kindOf = ({ kind = 0 }: Span): SpanKind => SPAN_KINDS[kind - 1] ?? "internal";

const ERROR = 2;

/** What a span is counted by. Only the attributes that say it are read. */
const NAMED = [
  ...["http.request.method", "http.method", "http.route", "http.response.status_code", "http.status_code"],
  ...["server.address", "net.peer.name", "peer.service", "db.system.name", "db.system", "db.operation.name"],
  ...["db.operation", "db.namespace", "rpc.service", "rpc.method"],
];

export type SpanNames = Partial<Record<string, string>>;

/** What a span is counted by, of its attributes. */
export function readNames({ attributes }: Span): SpanNames {
  const named = attributes?.filter(({ key }) => key !== undefined && NAMED.includes(key));
  return readAttributes(named, NAMED.length, MAX_OPERATION);
}

const methodOf = (names: SpanNames): string | undefined => names["http.request.method"] ?? names["http.method"];
const words = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(" ");

/** What a span calls itself, or whom it calls and for what. */
function nameOf(span: Span, kind: SpanKind, names: SpanNames): string {
  const own = (span.name ?? "").slice(0, 4 * MAX_OPERATION);
  const rpc = names["rpc.service"] && words(names["rpc.service"], names["rpc.method"]);
  if (kind === "server") return rpc ?? own;
  if (kind !== "client") return own;
  const database = names["db.system.name"] ?? names["db.system"];
  if (database) return words(database, names["db.namespace"], names["db.operation.name"] ?? names["db.operation"]);
  const peer = names["peer.service"] ?? names["server.address"] ?? names["net.peer.name"];
  const method = methodOf(names);
  return peer && method ? words(method, peer) : (rpc ?? own);
}

/** The operation of a span: the route of a request that is served; whom a call goes to, and for what; else the span's name. Secrets are masked. */
export function operationOf(span: Span, kind: SpanKind, names: SpanNames): string {
  const route = kind === "server" ? names["http.route"] : undefined;
  const name = route ? words(methodOf(names), maskRoute(route)) : maskName(nameOf(span, kind, names));
  return cleanText(name, MAX_OPERATION).trim() || "unnamed";
}

/** Whether a span failed: it says so, or a server answered with 500 or above. */
export function isFailed({ status }: Span, kind: SpanKind, names: SpanNames): boolean {
  if (status?.code === ERROR) return true;
  const code = Number(names["http.response.status_code"] ?? names["http.status_code"]);
  return kind === "server" && code >= 500;
}

/** Whether spans of a kind are counted: what is served, and calls to others. */
export const isCounted = (kind: SpanKind): boolean => kind === "server" || kind === "consumer" || kind === "client";
/** Whether spans of a kind begin what a service does for others. */
export const isEntry = (kind: SpanKind): boolean => kind === "server" || kind === "consumer";
