import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { CheckError } from "#lib/collect/checks/outcome.ts";
import type { CheckDefinition, CheckResult } from "#lib/contract/checks.ts";
import { assertLiteral, outgoingLookup, type Trust } from "#lib/notify/outgoing.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const MAX_BODY = 64 * 1024;
const USUAL_STATUSES = "200-399";

/** Whether a status is among those of a text such as "200-399, 401". */
export function isExpected(status: number, statuses: string): boolean {
  return statuses.split(",").some((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return status >= from && status <= to;
  });
}

/** Ms from one stage of a request to the next, by name; stages that were not reached are missing. */
class Stopwatch {
  readonly phases: Record<string, number> = {};
  #at = performance.now();

  mark(phase: string): void {
    const now = performance.now();
    this.phases[phase] = Math.round((now - this.#at) * 10) / 10;
    this.#at = now;
  }
}

const secondsLeft = (socket: Socket | null): number | null => {
  const certificate = (socket as TLSSocket | null)?.getPeerCertificate?.();
  const end = Date.parse(certificate?.valid_to ?? "");
  return Number.isNaN(end) ? null : Math.round((end - Date.now()) / SECOND_MS);
};

function watch(request: ClientRequest, watch: Stopwatch): void {
  request.once("socket", (socket) => {
    socket.once("lookup", () => watch.mark("dns"));
    socket.once("connect", () => watch.mark("connect"));
    socket.once("secureConnect", () => watch.mark("tls"));
  });
}

async function readBeginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_BODY) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY).toString();
}

async function matches(body: string, pattern: string): Promise<boolean> {
  // Loaded where there is something to match: by an agent, whose memory is counted, too.
  const { RE2JS } = await import("re2js");
  return RE2JS.compile(pattern).matcher(body).find();
}

function send(
  { target, options }: CheckDefinition,
  trust: Trust,
  signal: AbortSignal,
  stopwatch: Stopwatch,
): Promise<IncomingMessage> {
  const url = new URL(target);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  assertLiteral(host, trust);
  const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
    ...{ method: options.method ?? "GET", headers: { "user-agent": "Sightline", accept: "*/*" }, agent: false },
    ...{ lookup: outgoingLookup(trust), signal, rejectUnauthorized: options.verifyTls ?? true },
    ...(isIP(host) ? {} : { servername: host }),
  });
  watch(request, stopwatch);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve);
  request.on("error", reject);
  request.end();
  return promise;
}

/** Asks an address by HTTP: how long each stage took, the status, and when its certificate expires. Redirects are answers, and not followed. */
export async function checkHttp(
  definition: CheckDefinition,
  trust: Trust,
  signal: AbortSignal,
): Promise<Partial<CheckResult> & { detail: string }> {
  const { statuses = USUAL_STATUSES, body } = definition.options;
  const stopwatch = new Stopwatch();
  const response = await send(definition, trust, signal, stopwatch);
  stopwatch.mark("first_byte");
  const status = response.statusCode ?? 0;
  const found = { status, certificateSeconds: secondsLeft(response.socket), phases: stopwatch.phases };
  const text = await readBeginning(response).finally(() => response.destroy());
  stopwatch.mark("transfer");
  if (!isExpected(status, statuses))
    throw new CheckError("status", `It answers ${status}, expected ${statuses}`, found);
  if (body !== undefined && !(await matches(text, body)))
    throw new CheckError("body", "The body does not match", found);
  return { ...found, detail: `It answers ${status}` };
}
