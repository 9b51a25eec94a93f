import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Of styles 'unsafe-inline' stays: charts and menus place things by style attributes, for which there is no nonce. */
const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

const ALWAYS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** The client of experiments is loaded by pages of other sites. */
const SDK_PATH = "/sightline-sdk.js";
const FOR_ANY_SITE = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

const YEAR_S = 31_536_000;

/** Sets what browsers hold every answer to. Scripts run only with this answer's nonce, which Next reads from the request's header. */
export function secure(request: IncomingMessage, response: ServerResponse, publicUrl: string | undefined): void {
  const nonce = randomBytes(16).toString("base64");
  request.headers["content-security-policy"] = policy(nonce);
  request.headers["x-nonce"] = nonce;
  response.setHeader("content-security-policy", policy(nonce));
  for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
  if (request.url?.split("?")[0] === SDK_PATH)
    for (const [name, value] of Object.entries(FOR_ANY_SITE)) response.setHeader(name, value);
  if (publicUrl?.startsWith("https:")) response.setHeader("strict-transport-security", `max-age=${YEAR_S}`);
}
