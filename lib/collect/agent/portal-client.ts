import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { SECOND_MS } from "#lib/time/durations.ts";

const LIMIT_MS = 15 * SECOND_MS;
const MAX_ANSWER = 1024 ** 2;
/** Shorter bodies are not worth packing. */
const PACKED_FROM = 1_000;

const pack = promisify(gzip);

/** What the portal answered that is no success. */
export class PortalError extends Error {
  readonly status: number;
  readonly retryAfterMs: number;

  constructor(status: number, detail: string, retryAfterMs = 0) {
    super(`the portal answers ${status}: ${detail}`);
    this.name = "PortalError";
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_ANSWER) throw new Error("the answer is too long to be the portal's");
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What an answer means. @throws PortalError for all but a success; Error for what no portal would say */
function readAnswer({ statusCode: status = 0, headers }: IncomingMessage, text: string): unknown {
  const answer = parse(text);
  if (status >= 300 && status < 400)
    throw new PortalError(status, `it sends elsewhere, to ${headers.location}: start the agent with that address`);
  if (status >= 400 || status === 0) {
    const { detail = text.slice(0, 200) } = (answer ?? {}) as { detail?: string };
    throw new PortalError(status, detail, Number(headers["retry-after"] ?? 0) * SECOND_MS);
  }
  if (status !== 204 && answer === undefined) throw new Error("the answer is not JSON: is the address the portal's?");
  return answer;
}

/** Speaks with one portal over one connection that is kept. */
export class PortalClient {
  readonly #root: URL;
  readonly #agent: HttpAgent;
  readonly #ca: Buffer | undefined;

  /** `url` is the portal's address; `ca` a certificate (PEM) to trust beside the usual ones. */
  constructor(url: string, ca?: Buffer) {
    this.#root = new URL(`${url.replace(/\/+$/, "")}/api/v1/`);
    this.#ca = ca;
    this.#agent = new (this.#root.protocol === "https:" ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
  }

  /** Posts JSON and answers what came back. @throws PortalError where the portal refuses; Error where it cannot be reached or is silent */
  async post(path: string, body: unknown, credential?: string): Promise<unknown> {
    const text = Buffer.from(JSON.stringify(body));
    const packed = text.length >= PACKED_FROM;
    const bytes = packed ? await pack(text) : text;
    const headers = {
      "content-type": "application/json",
      "content-length": bytes.length,
      ...(packed ? { "content-encoding": "gzip" } : {}),
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
    };
    const response = await this.#send(path, headers, bytes);
    return readAnswer(response, await readText(response));
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(path: string, headers: Record<string, string | number>, body: Buffer): Promise<IncomingMessage> {
    const send = this.#root.protocol === "https:" ? requestHttps : requestHttp;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = send(new URL(path, this.#root), {
      ...{ method: "POST", headers, agent: this.#agent, signal: AbortSignal.timeout(LIMIT_MS) },
      ...(this.#ca ? { ca: [this.#ca] } : {}),
    });
    request.on("response", resolve);
    request.on("error", reject);
    request.end(body);
    return promise;
  }
}
