import { API_ROOT, type Endpoint, PROMETHEUS_ROOT, rootOf } from "#lib/contract/endpoint.ts";
import { ENDPOINTS, PROTOCOL_ENDPOINTS } from "#lib/contract/index.ts";
import { DomainError } from "#lib/errors.ts";

type Described = Pick<Endpoint, "protocol" | "raw" | "ingest">;

const DESCRIBED: { pattern: RegExp; endpoint: Described }[] = [...ENDPOINTS, ...PROTOCOL_ENDPOINTS]
  .map((endpoint): Described & { full: string } => ({ ...endpoint, full: `${rootOf(endpoint)}${endpoint.path}` }))
  // OTLP is also taken at the root of the server.
  .flatMap((endpoint) =>
    endpoint.protocol === "otlp"
      ? [endpoint, { ...endpoint, full: endpoint.full.replace(`${API_ROOT}/otlp`, "") }]
      : [endpoint],
  )
  .map(({ full, ...endpoint }) => ({
    pattern: new RegExp(`^${full.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}/?$`),
    endpoint,
  }));

const pathOf = (url: string): string => url.split("?")[0] ?? "/";

/** What the API says of the endpoints at an address, whatever the method: one that takes a body stands for the others. */
export function endpointAt(url = "/"): Described | undefined {
  const path = pathOf(url);
  const found = DESCRIBED.filter(({ pattern }) => pattern.test(path)).map(({ endpoint }) => endpoint);
  return found.find(({ ingest }) => ingest) ?? found[0];
}

/** What is said of an address below the root of an API that has nothing there: Next would answer a page. */
export function unknownEndpoint(url = "/"): DomainError | undefined {
  const root = [API_ROOT, PROMETHEUS_ROOT].find((each) => pathOf(url).startsWith(`${each}/`));
  if (!root || endpointAt(url)) return undefined;
  return new DomainError("not-found", `There is no such endpoint: GET ${API_ROOT}/openapi.json describes all`);
}
