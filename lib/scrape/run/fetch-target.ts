import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, STATUS_CODES } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createGunzip } from "node:zlib";
import { VERSION } from "#lib/config/version.ts";
import { reasonOf } from "#lib/log.ts";
import { assertLiteral, outgoingLookup, type Trust } from "#lib/notify/outgoing.ts";
import type { ScrapeSettings } from "#lib/scrape/config/schema.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const ACCEPT =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
const MAX_REDIRECTS = 5;
/** So many answers that announce another (1xx) a target may give. */
const MAX_INFORMATIONAL = 20;

/** What a target answered, in UTF-8. */
export type Fetched = { body: string; contentType: string };

export type FetchOptions = { timeoutMs: number; maxBytes: number; signal?: AbortSignal | undefined };

const utf8 = new TextDecoder("utf-8", { fatal: true });

function authorizationOf({ basic_auth: basic, authorization }: ScrapeSettings): string | undefined {
  if (basic) return `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString("base64")}`;
  if (authorization) return `${authorization.type} ${authorization.credentials}`;
  return undefined;
}

/** Asks targets of one configuration over connections that are kept, to addresses that the guard permits. */
export class TargetClient {
  readonly #settings: ScrapeSettings;
  readonly #trust: Trust;
  readonly #agents: { "http:": HttpAgent; "https:": HttpsAgent };

  constructor(settings: ScrapeSettings, trust: Trust) {
    this.#settings = settings;
    this.#trust = trust;
    // What is resolved anew is checked anew: a kept connection stays where it is.
    const options = { keepAlive: true, maxFreeSockets: 1_000, lookup: outgoingLookup(trust) };
    this.#agents = { "http:": new HttpAgent(options), "https:": new HttpsAgent(options) };
  }

  /** Closes the connections. */
  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  /** Ends within its time, or at once by its signal, whatever the target does. @throws Error in words, with what to do where that is known */
  async fetch(url: string, { timeoutMs, maxBytes, signal }: FetchOptions): Promise<Fetched> {
    // One controller by hand: what AbortSignal.any makes may be collected before it is aborted.
    const control = new AbortController();
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => undefined);
    const end = (reason: string) => {
      ended.reject(new Error(reason));
      control.abort();
    };
    const stop = () => end("It was stopped");
    const late = `It did not answer within ${timeoutMs / SECOND_MS} s: look at the target, or raise scrape_timeout`;
    const timer = setTimeout(end, timeoutMs, late);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    try {
      const options = { timeoutMs, maxBytes, signal: control.signal };
      // Not by the request alone: a scrape that waits for ever would hold up what manages all.
      return await Promise.race([this.#follow(new URL(url), options, MAX_REDIRECTS, true), ended.promise]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  async #follow(url: URL, options: Required<FetchOptions>, left: number, isFirst: boolean): Promise<Fetched> {
    const response = await this.#request(url, options, isFirst);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (status >= 300 && status < 400 && location && this.#settings.follow_redirects) {
      response.destroy();
      if (left === 0) throw new Error(`It redirects more than ${MAX_REDIRECTS} times: correct metrics_path`);
      const next = new URL(location, url);
      if (next.protocol !== "http:" && next.protocol !== "https:")
        throw new Error(`It redirects to ${next.protocol}, which is not scraped`);
      return this.#follow(next, options, left - 1, isFirst && next.host === url.host && next.protocol === url.protocol);
    }
    if (status !== 200) {
      response.destroy();
      throw new Error(`It answers ${status} ${STATUS_CODES[status] ?? ""}${remedyOf(status)}`);
    }
    return { body: await readBody(response, options), contentType: response.headers["content-type"] ?? "" };
  }

  async #request(url: URL, { timeoutMs, signal }: Required<FetchOptions>, isFirst: boolean): Promise<IncomingMessage> {
    assertLiteral(url.hostname.replace(/^\[|\]$/g, ""), this.#trust);
    // Who is redirected elsewhere does not get the secret.
    const authorization = isFirst ? authorizationOf(this.#settings) : undefined;
    const headers = {
      "user-agent": `Sightline/${VERSION}`,
      accept: ACCEPT,
      "accept-encoding": "gzip",
      "x-prometheus-scrape-timeout-seconds": String(timeoutMs / SECOND_MS),
      ...(authorization === undefined ? {} : { authorization }),
    };
    const isTls = url.protocol === "https:";
    const send = isTls ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send(url, { headers, signal, agent: isTls ? this.#agents["https:"] : this.#agents["http:"] });
      let repeats = false;
      request.once("error", (error) => {
        // The other side closed a connection that was kept, just then.
        repeats =
          request.reusedSocket && (error as NodeJS.ErrnoException).code === "ECONNRESET" && signal?.aborted !== true;
        if (repeats) this.#request(url, { timeoutMs, signal, maxBytes: 0 }, isFirst).then(resolve, reject);
        else reject(error.name === "DomainError" ? error : new Error(reasonOf(error)));
      });
      request.once("response", resolve);
      request.once("upgrade", (_, socket) => {
        socket.destroy();
        reject(new Error("It answers 101 Switching Protocols, which was not asked for: correct the address"));
      });
      let announced = 0;
      request.on("information", () => {
        announced += 1;
        if (announced > MAX_INFORMATIONAL)
          request.destroy(
            new Error("It announces an answer again and again, and gives none: look at the target's log"),
          );
      });
      request.once("close", () => {
        if (!repeats) reject(new Error("It closed the connection without an answer: look at the target's log"));
      });
      request.end();
    });
  }
}

function remedyOf(status: number): string {
  if (status === 401 || status === 403) return ": check basic_auth or authorization";
  if (status === 404) return ": correct metrics_path";
  return ": look at the target's log";
}

async function readBody(response: IncomingMessage, { maxBytes }: Required<FetchOptions>): Promise<string> {
  const isGzip = response.headers["content-encoding"]?.toLowerCase() === "gzip";
  const stream = isGzip ? response.pipe(createGunzip()) : response;
  // Pipes do not hand errors on.
  if (isGzip)
    response
      .once("error", (error) => stream.destroy(error))
      .once("aborted", () => stream.destroy(new Error("it closed the connection")));
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        throw new Error(`Its answer is over ${maxBytes} bytes: raise body_size_limit, or let the target expose less`);
      chunks.push(chunk);
    }
    return utf8.decode(Buffer.concat(chunks));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA")
      throw new Error("Its answer is no UTF-8: this is no page of metrics");
    throw new Error(reasonOf(error));
  } finally {
    if (!response.complete) response.destroy();
  }
}
