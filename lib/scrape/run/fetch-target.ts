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
      const next = URL.parse(location, url.href);
      if (!next) throw new Error("It redirects to no valid address: look at the target, or correct metrics_path");
      if (next.protocol !== "http:" && next.protocol !== "https:")
        throw new Error(`It redirects to ${next.protocol}, which is not scraped`);
      return this.#follow(next, options, left - 1, isFirst && next.host === url.host && next.protocol === url.protocol);
    }
    if (status !== 200) {
      response.destroy();
      throw new Error(`It answers ${status} ${STATUS_CODES[status] ?? ""}${remedyOf(status)}`);
    }
    return {
      body: await readBody(response, options.maxBytes, this.#settings),
      contentType: response.headers["content-type"] ?? "",
    };
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
        else reject(error.name === "DomainError" ? error : new Error(requestProblem(error)));
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

/** What the system says of a request, with what to do. */
function requestProblem(error: Error): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "HPE_HEADER_OVERFLOW")
    return "The header of its answer is too long: look at the target, or correct the address";
  if (code.startsWith("HPE_")) return "It does not answer in HTTP: correct the address, or the scheme";
  return reasonOf(error);
}

function remedyOf(status: number): string {
  if (status === 401 || status === 403) return ": check basic_auth or authorization";
  if (status === 404) return ": correct metrics_path";
  return ": look at the target's log";
}

const WHOLE = { B: 1, KiB: 1_024, MiB: 1_048_576 };

/** A limit in the largest unit that it is a whole number of. */
function limitText(bytes: number): string {
  const [unit, size] = Object.entries(WHOLE).findLast(([, unitSize]) => bytes % unitSize === 0) ?? ["B", 1];
  return `${bytes / size} ${unit}`;
}

function tooLarge(maxBytes: number, { body_size_limit: own }: ScrapeSettings): Error {
  const remedy = own === maxBytes ? "raise body_size_limit" : "raise the input's limit of a request's size";
  return new Error(`Its answer is over ${limitText(maxBytes)}: ${remedy}, or let the target expose less`);
}

/** What the system says of a body, with what to do. */
function bodyProblem(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "Its answer is no UTF-8: this is no page of metrics";
  if (code.startsWith("Z_"))
    return "Its answer is called gzip, and is no whole one: look at the target, or at a proxy before it";
  return reasonOf(error);
}

async function readBody(response: IncomingMessage, maxBytes: number, settings: ScrapeSettings): Promise<string> {
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (!["", "identity", "gzip", "x-gzip"].includes(encoding)) {
    response.destroy();
    throw new Error(
      `It answers in ${encoding.slice(0, 50)}, and only gzip was asked for: turn it off at the target, or at a proxy before it`,
    );
  }
  const isGzip = encoding.endsWith("gzip");
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
      if (bytes > maxBytes) throw tooLarge(maxBytes, settings);
      chunks.push(chunk);
    }
    return utf8.decode(Buffer.concat(chunks));
  } catch (error) {
    throw new Error(bodyProblem(error));
  } finally {
    if (!response.complete) response.destroy();
  }
}
