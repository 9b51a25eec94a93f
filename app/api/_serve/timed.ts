import type { Endpoint } from "#lib/contract/endpoint.ts";
import { prometheusExposition } from "#lib/contract/prometheus.ts";
import { API_ROOT, PROMETHEUS_ROOT } from "#lib/contract/roots.ts";
import { durations, secondsSince } from "#lib/telemetry/durations.ts";

/** What a route is called where its duration is counted. */
function routeOf({ protocol, path }: Endpoint): string {
  if (path === prometheusExposition.read.path) return path;
  return `${protocol === "prometheus" ? PROMETHEUS_ROOT : API_ROOT}${path}`;
}

/** Counts how long a route takes to answer, by its status. What a stream still sends then is not counted. */
export function timed<Context>(
  endpoint: Endpoint,
  answer: (request: Request, context: Context) => Promise<Response>,
): (request: Request, context: Context) => Promise<Response> {
  const [method, route] = [endpoint.method.toUpperCase(), routeOf(endpoint)];
  return async (request, context) => {
    const startedAt = performance.now();
    const response = await answer(request, context);
    const labels = {
      "http.request.method": method,
      "http.route": route,
      "http.response.status_code": String(response.status),
    };
    durations().observe("http.server.request.duration", labels, secondsSince(startedAt));
    return response;
  };
}
