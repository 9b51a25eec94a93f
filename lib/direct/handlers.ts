import { type Endpoint, rootOf } from "#lib/contract/endpoint.ts";

/** Answers a request of an endpoint; `params` are those of its path. */
export type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

type Described = Pick<Endpoint, "method" | "path" | "protocol" | "root" | "raw">;

const shared = globalThis as typeof globalThis & { sightlineHandlers?: Map<string, Handler> };

const handlers = (): Map<string, Handler> => {
  shared.sightlineHandlers ??= new Map();
  return shared.sightlineHandlers;
};

/** What reads, at an address without parameters: by far the most requests, and nothing of a framework is needed for them. */
const isPlain = ({ method, path, protocol, raw }: Described): boolean =>
  !path.includes("{") && (method === "get" || (method === "post" && protocol === "prometheus" && !raw));

/** Offers the handler of an endpoint to the server of this process, which calls it without the router that has loaded it; the bundler gives each a module of its own. */
export function offerHandler(endpoint: Described, handler: Handler): void {
  if (isPlain(endpoint))
    handlers().set(`${endpoint.method.toUpperCase()} ${rootOf(endpoint)}${endpoint.path}`, handler);
}

/** The handler of a request, where it was offered: `path` as it came, without its query. */
export const offeredHandler = (method: string, path: string): Handler | undefined =>
  handlers().get(`${method} ${path}`);
