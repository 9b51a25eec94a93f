import { type Endpoint, rootOf } from "#lib/contract/endpoint.ts";
import { ENDPOINTS, PROTOCOL_ENDPOINTS } from "#lib/contract/endpoints.ts";
import { API_ROOT, PROMETHEUS_ROOT } from "#lib/contract/roots.ts";
import { DomainError } from "#lib/errors.ts";

type Described = Pick<Endpoint, "protocol" | "raw" | "ingest">;

/** Where an endpoint is: what is of OTLP also at the root of the server. */
export function pathsOf(endpoint: Pick<Endpoint, "protocol" | "root" | "path">): string[] {
  const path = `${rootOf(endpoint)}${endpoint.path}`;
  return endpoint.protocol === "otlp" ? [path, path.replace(`${API_ROOT}/otlp`, "")] : [path];
}

/** Most addresses have no parameters, and each request is looked up: only the others are compared one by one. */
const FIXED = new Map<string, Described>();
const TEMPLATES = new Map<string, Described>();

for (const endpoint of [...ENDPOINTS, ...PROTOCOL_ENDPOINTS])
  for (const path of pathsOf(endpoint)) {
    const paths = path.includes("{") ? TEMPLATES : FIXED;
    // Of several methods one that takes batches stands for the others.
    if (endpoint.ingest || !paths.has(path)) paths.set(path, endpoint);
  }

const PATTERNS = [...TEMPLATES].map(([path, endpoint]) => ({
  pattern: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
  endpoint,
}));

const pathOf = (url: string): string => url.split("?")[0] ?? "/";

/** What the API says of the endpoints at an address, whatever the method. */
export function endpointAt(url = "/"): Described | undefined {
  // Next leaves out a slash at the end, by a redirect.
  const path = pathOf(url).replace(/(?<=.)\/$/, "");
  return FIXED.get(path) ?? PATTERNS.find(({ pattern }) => pattern.test(path))?.endpoint;
}

/** What is said of an address below the root of an API that has nothing there: Next would answer a page. */
export function unknownEndpoint(url = "/"): DomainError | undefined {
  const root = [API_ROOT, PROMETHEUS_ROOT].find((each) => pathOf(url).startsWith(`${each}/`));
  if (!root || endpointAt(url)) return undefined;
  return new DomainError("not-found", `There is no such endpoint: GET ${API_ROOT}/openapi.json describes all`);
}
