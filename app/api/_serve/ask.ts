import type { Handler } from "#lib/direct/handlers.ts";
import { DomainError } from "#lib/errors.ts";

type Parameter = string | number | boolean | readonly string[] | undefined;
type Question = { params?: Record<string, string | number>; query?: Record<string, Parameter> };

/** Asks a route of the API, and answers its JSON. @throws DomainError with what the route answers where it refuses */
export type Ask = (route: Handler, question?: Question) => Promise<unknown>;

/** Of the request itself, not of who sends it. */
const OWN_HEADERS = ["content-type", "content-length", "content-encoding", "transfer-encoding", "accept"];

function searchOf(query: Record<string, Parameter>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined) search.append(name, String(each));
  return search.toString();
}

async function detailOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; error?: string; title?: string };
  return problem.detail ?? problem.error ?? problem.title ?? `The portal answers ${response.status}`;
}

/** The headers by which somebody is known, of a request whose body is not sent on. */
export function headersOfCaller(all: Headers): Headers {
  const headers = new Headers(all);
  for (const name of OWN_HEADERS) headers.delete(name);
  return headers;
}

/** Calls a route, which permits, parses, limits and records as if it was called from outside. @throws DomainError with what it answers where it refuses */
export async function askRoute(route: Handler, request: Request, params: Record<string, unknown>): Promise<unknown> {
  const texts = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
  const response = await route(request, { params: Promise.resolve(texts) });
  if (!response.ok) throw new DomainError("validation", await detailOf(response));
  return response.json();
}

/** Asks in the name of whoever sent a request. */
export function askerFor(request: Request): Ask {
  const headers = headersOfCaller(request.headers);
  return async (route, { params = {}, query = {} } = {}) => {
    const url = new URL(`/?${searchOf(query)}`, request.url);
    return askRoute(route, new Request(url, { headers, signal: request.signal }), params);
  };
}
