import { hasPublishableKey } from "#app/api/_serve/permit.ts";
import { problemResponse } from "#app/api/_serve/problem.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hasKeyFor } from "#lib/experiments/publishable-keys.ts";

const PREFLIGHT_S = "600";

/** Lets a page of another site read what its publishable key was answered, also why it was refused. Never with cookies. */
export function shareWithPage(endpoint: Endpoint, request: Request, response: Response): Response {
  const origin = request.headers.get("origin");
  if (!endpoint.browser || origin === null || !hasPublishableKey(request)) return response;
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set("access-control-expose-headers", "retry-after");
  response.headers.append("vary", "origin");
  return response;
}

/** Answers what a browser asks before it sends a key from another site: only origins that some key names may. */
export function preflight({ method, browser }: Endpoint) {
  return async (request: Request): Promise<Response> => {
    try {
      const origin = request.headers.get("origin") ?? "";
      if (!browser || !(await hasKeyFor(database(), origin)))
        throw new DomainError("forbidden", "No publishable key is for pages of this origin");
      return new Response(null, {
        status: 204,
        headers: {
          "access-control-allow-origin": origin,
          "access-control-allow-methods": method.toUpperCase(),
          "access-control-allow-headers": "authorization, content-type",
          "access-control-max-age": PREFLIGHT_S,
          vary: "origin",
        },
      });
    } catch (error) {
      return problemResponse(error);
    }
  };
}
