import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { APP } from "./api.ts";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

async function bodyOf(message: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** The real route handlers behind a real port, as Next would call them; a portal that can be away, and whose answers can be lost. */
export class RouteServer {
  readonly #server: Server;
  #port = 0;
  /** Whether answers are lost on the way, after their request was carried out. */
  loses: (path: string) => boolean = () => false;
  requests = 0;

  constructor() {
    this.#server = createServer((message, response) => void this.#answer(message, response));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** As when the portal is stopped: nobody listens, and what is open is cut. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    try {
      const answer = await this.#call(message, await bodyOf(message));
      if (this.loses(message.url ?? "")) return void response.destroy();
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy();
    }
  }

  async #call({ url = "/", method = "GET", headers }: IncomingMessage, body: Buffer<ArrayBuffer>): Promise<Response> {
    const { pathname } = new URL(url, this.url);
    const module = (await import(join(APP, pathname, "route.ts"))) as Record<string, Handler>;
    const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const request = new Request(new URL(url, this.url), {
      method,
      headers: [...given, ["x-sightline-peer", "192.0.2.7"]],
      ...(method === "GET" ? {} : { body }),
    });
    if (!module[method]) return new Response(null, { status: 405 });
    return (module[method] as Handler)(request, { params: Promise.resolve({}) });
  }
}
