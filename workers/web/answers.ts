import type { IncomingMessage, ServerResponse } from "node:http";
import { API_ROOT, PROMETHEUS_ROOT } from "#lib/contract/endpoint.ts";
import { type DomainError, toProblem } from "#lib/errors.ts";

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

/** Answers a request with an error without Next: as problem details to a program, as a page to a person. */
export function answerError(request: IncomingMessage, response: ServerResponse, error: DomainError): void {
  const program = isProgram(request) || (error.type !== "unavailable" && error.type !== "rate-limited");
  const retryS = error.retryAfterSeconds;
  const text = program ? JSON.stringify(toProblem(error)) : page(error, retryS ?? 5);
  response.writeHead(error.status, {
    ...(program ? { "content-type": "application/problem+json" } : PAGE_HEADERS),
    ...(retryS ? { "retry-after": String(retryS) } : {}),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-length": Buffer.byteLength(text),
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
