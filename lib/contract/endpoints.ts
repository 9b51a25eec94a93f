import type { Endpoint } from "#lib/contract/endpoint.ts";
import * as contract from "#lib/contract/index.ts";
import { mcp } from "#lib/contract/mcp.ts";
import { prometheus, prometheusExposition } from "#lib/contract/prometheus.ts";

/** All of them in one list: a test holds it against the routes on disk. */
export const ENDPOINTS: Endpoint[] = Object.values(contract).flatMap((subject) => Object.values(subject) as Endpoint[]);

/** The endpoints of other protocols than our own API, which stand below roots of their own. */
export const PROTOCOL_ENDPOINTS: Endpoint[] = [
  ...Object.values(prometheus),
  ...Object.values(prometheusExposition),
  ...Object.values(mcp),
] as unknown as Endpoint[];

const NAMES = new Map<unknown, string>(
  Object.entries({ ...contract, prometheus, prometheusExposition, mcp }).flatMap(([subject, endpoints]) =>
    Object.entries(endpoints).map(([verb, described]): [unknown, string] => [described, `${subject}.${verb}`]),
  ),
);

/** What an endpoint is called in the audit trail: experiments.transition. */
export const endpointName = (described: unknown): string => NAMES.get(described) ?? "unknown";
