import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Of styles 'unsafe-inline' stays: charts and menus place things by style attributes, for which there is no nonce. */
const policy = (scripts: string): string =>
  [
    "default-src 'self'",
    `script-src ${scripts}`,
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

/** Of what is no page, and has no scripts to let in. */
const POLICY_OF_DATA = policy("'self'");
const isData = (url = "/"): boolean => /^\/(api|prometheus|v1)\//.test(url);

/** Scripts of a page run only with this answer's nonce, which Next reads from the request's header. */
function policyOfPage({ headers }: IncomingMessage): string {
  const nonce = randomBytes(16).toString("base64");
  const pages = policy(`'self' 'nonce-${nonce}'`);
  headers["content-security-policy"] = pages;
  headers["x-nonce"] = nonce;
  return pages;
}

/** The client of experiments is loaded by pages of other sites. */
const SDK_PATH = "/sightline-sdk.js";
const FOR_ANY_SITE = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

const YEAR_S = 31_536_000;

/** Sets what browsers hold every answer to. */
export function secure(request: IncomingMessage, response: ServerResponse, publicUrl: string | undefined): void {
  response.setHeader("content-security-policy", isData(request.url) ? POLICY_OF_DATA : policyOfPage(request));
  for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
  if (request.url?.split("?")[0] === SDK_PATH)
    for (const [name, value] of Object.entries(FOR_ANY_SITE)) response.setHeader(name, value);
  if (publicUrl?.startsWith("https:")) response.setHeader("strict-transport-security", `max-age=${YEAR_S}`);
}
