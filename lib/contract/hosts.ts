import { z } from "zod";
import { endpoint } from "#lib/contract/endpoint.ts";
import { hostQuery, instant, kind, labels, severity, unit } from "#lib/contract/shared.ts";

/** How a host is: `no_data` while it is silent, else as grave as what is wrong on it. */
const HOST_STATES = ["ok", "warning", "critical", "no_data"] as const;
export type HostState = (typeof HOST_STATES)[number];

export const hosts = {
  list: endpoint({
    method: "get",
    path: "/hosts",
    tag: "Hosts",
    summary: "All hosts",
    permission: "hosts:read",
    response: z.array(
      z.object({
        id: z.number().int(),
        name: z.string(),
        system: z.record(z.string(), z.union([z.string(), z.number()])),
        firstSeenAt: instant,
        lastSampleAt: instant.nullable(),
        state: z.enum(HOST_STATES).describe("no_data: silent for three intervals or more"),
        worst: severity.nullable().describe("The gravest anomaly that goes on"),
      }),
    ),
  }),
};

export const series = {
  list: endpoint({
    method: "get",
    path: "/series",
    tag: "Hosts",
    summary: "All series of a host, with unit, kind and help",
    permission: "metrics:read",
    query: z.object(hostQuery),
    response: z.array(
      z.object({
        id: z.number().int(),
        sourceId: z.number().int(),
        metric: z.string(),
        labels,
        name: z.string(),
        unit,
        kind,
        group: z.string(),
        help: z.string(),
      }),
    ),
  }),
};
