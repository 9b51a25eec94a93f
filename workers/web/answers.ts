import type { IncomingMessage, ServerResponse } from "node:http";
import { API_ROOT, PROMETHEUS_ROOT } from "#lib/contract/roots.ts";
import { type DomainError, toProblem } from "#lib/errors.ts";
import { encodeStatus, encodingOf, MEDIA_TYPES, otlpStatus } from "#lib/otlp/wire/answers.ts";
import { failureBody, prometheusFailure } from "#lib/promql/http/failure.ts";
import { endpointAt } from "./endpoints.ts";

/** Below these a program asks, which reads JSON; anywhere else a person, by a browser. */
const isProgram = ({ url = "/" }: IncomingMessage): boolean =>
  url.startsWith("/api/") || url.startsWith(`${PROMETHEUS_ROOT}/`) || /^\/(?:mcp|metrics|v1\/\w+)(?:[?/]|$)/.test(url);

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

const AWAY = `<p>Samples go on being collected and are stored when it is back; an administrator finds more in the portal's log and at
<a href="${API_ROOT}/health">${API_ROOT}/health</a>.</p>
`;

/** The page that stands in for all others while none can be made. It needs nothing but itself, and tries again by itself. */
const page = ({ type, message }: DomainError, seconds: number) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${seconds}"><title>Sightline: ${type === "unavailable" ? "not available" : "too many requests"}</title>
<style>
:root { color-scheme: light dark }
body { font: 14px/1.5 system-ui, sans-serif; margin: 0; background: Canvas; color: CanvasText }
main { max-width: 34rem; margin: 15vh auto 0; padding: 0 1.25rem }
h1 { font-size: 1.15rem; margin: 0 0 .5rem } p { margin: 0 0 .75rem }
</style>
</head>
<body><main role="alert">
<h1>${type === "unavailable" ? "Sightline is not available now" : "Too many requests"}</h1>
<p>${escaped(message)}.</p>
${type === "unavailable" ? AWAY : ""}<p>This page tries again every ${seconds} s.</p>
</main></body>
</html>
`;

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};

type Answer = { status: number; headers: Record<string, string>; body: string | Buffer };

/** To a program, in the words of the protocol that it speaks. */
function programAnswer({ url = "/", headers }: IncomingMessage, error: DomainError): Answer {
  const { protocol, raw } = endpointAt(url) ?? {};
  if (protocol === "otlp") {
    const encoding = encodingOf(headers["content-type"] ?? "") ?? "json";
    const type = { "content-type": MEDIA_TYPES[encoding] };
    return { status: otlpStatus(error), headers: type, body: encodeStatus(error, encoding) };
  }
  if (raw)
    return { status: error.status, headers: { "content-type": "text/plain; charset=utf-8" }, body: error.message };
  if (url.startsWith(`${PROMETHEUS_ROOT}/`)) {
    const failure = prometheusFailure(error);
    const body = JSON.stringify(failureBody(failure));
    return { status: failure.status, headers: { "content-type": "application/json" }, body };
  }
  const type = { "content-type": "application/problem+json" };
  return { status: error.status, headers: type, body: JSON.stringify(toProblem(error)) };
}

/** Answers a request with an error without Next: to a program in its protocol's words, to a person as a page. */
export function answerError(request: IncomingMessage, response: ServerResponse, error: DomainError): void {
  const program = isProgram(request) || (error.type !== "unavailable" && error.type !== "rate-limited");
  const retryS = error.retryAfterSeconds;
  const answer = program
    ? programAnswer(request, error)
    : { status: error.status, headers: PAGE_HEADERS, body: page(error, retryS ?? 5) };
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(retryS ? { "retry-after": String(retryS) } : {}),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-length": Buffer.byteLength(answer.body),
  });
  response.end(request.method === "HEAD" ? undefined : answer.body);
}
