import type { DomainError, ProblemType } from "#lib/errors.ts";
import { encodeBytes, encodeNumber } from "#lib/otlp/wire/protobuf.ts";

/** The two encodings of OTLP over HTTP. */
export type Encoding = "protobuf" | "json";

export const MEDIA_TYPES: Record<Encoding, string> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/** The encoding that a content type names; undefined for any other. */
export function encodingOf(contentType: string): Encoding | undefined {
  const type = contentType.split(";")[0]?.trim().toLowerCase();
  if (type === MEDIA_TYPES.protobuf) return "protobuf";
  return type === MEDIA_TYPES.json ? "json" : undefined;
}

const REJECTED = { metrics: "rejectedDataPoints", traces: "rejectedSpans" };

/** What of a request was not taken, and why; a message without a count is a warning. */
export type Rejection = { rejected: number; message: string };

/** The body of ExportMetricsServiceResponse or ExportTraceServiceResponse: empty where all was taken. */
export function encodeAnswer(
  signal: "metrics" | "traces",
  { rejected, message }: Rejection,
  encoding: Encoding,
): Buffer {
  const isWhole = rejected === 0 && message === "";
  if (encoding === "json") {
    const partialSuccess = { [REJECTED[signal]]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isWhole ? {} : { partialSuccess }));
  }
  if (isWhole) return Buffer.alloc(0);
  return encodeBytes(1, Buffer.concat([encodeNumber(1, rejected), encodeBytes(2, message)]));
}

/** Codes of google.rpc.Status. */
const CODES: Partial<Record<ProblemType, number>> = {
  validation: 3,
  "unsupported-media-type": 3,
  "not-found": 5,
  forbidden: 7,
  "rate-limited": 8,
  "too-large": 8,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
};

/** Exporters send again what is answered 429 and 503, and nothing else. */
const STATUSES: Partial<Record<ProblemType, number>> = { cancelled: 503, locked: 403 };

/** The HTTP status of an error. */
export const otlpStatus = ({ type, status }: DomainError): number => STATUSES[type] ?? status;

/** The body of google.rpc.Status. */
export function encodeStatus({ type, message }: DomainError, encoding: Encoding): Buffer {
  const code = CODES[type] ?? 2;
  if (encoding === "json") return Buffer.from(JSON.stringify({ code, message, details: [] }));
  return Buffer.concat([encodeNumber(1, code), encodeBytes(2, message)]);
}
