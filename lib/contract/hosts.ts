import { hostGrouping } from "#lib/contract/agents.ts";
import { endpoint } from "#lib/contract/endpoint.ts";
import { booleanParam } from "#lib/contract/params.ts";
import * as z from "#lib/contract/schema.ts";
import {
  entityIdParam,
  hostName,
  hostQuery,
  idParams,
  instant,
  kind,
  labels,
  point,
  severity,
  unit,
} from "#lib/contract/shared.ts";

/** How a host is: `no_data` while it is silent, else as grave as what is wrong on it. */
const HOST_STATES = ["ok", "warning", "critical", "no_data"] as const;
export type HostState = (typeof HOST_STATES)[number];

const percentage = z.number().nullable().describe("Percent, of the newest sample of the last five minutes");

const hostInfo = z.object({
  id: z.number().int(),
  name: z.string(),
  hostname: z.string(),
  ...hostGrouping,
  system: z.record(z.string(), z.union([z.string(), z.number()])),
  firstSeenAt: instant,
  lastSampleAt: instant.nullable(),
  retiredAt: instant.nullable().describe("Since when it is not watched any more"),
  agent: z
    .object({
      version: z.string(),
      enrolledAt: instant,
      lastSeenAt: instant.nullable(),
      revokedAt: instant.nullable(),
      issuedAt: instant.describe("Of the credential it uses"),
      rotationDue: z.boolean(),
      address: z.string(),
      clockOffsetMs: z.number().describe("The host's clock less the portal's"),
      waiting: z.number().int().describe("Frames on its disk that are still to be sent"),
      dropped: z.number().describe("Frames that it gave up since it was started"),
      refused: z.number().describe("Frames that were refused since it was enrolled"),
      refusal: z.string().nullable().describe("Why the last of them was"),
      refusedAt: instant.nullable(),
      leftOut: z.number().describe("Readings and processes that frames were stored without"),
      leftOutReason: z.string().nullable().describe("Why the last of them was"),
      leftOutAt: instant.nullable(),
    })
    .nullable()
    .describe("null for the portal's own host"),
});

const hostWithState = hostInfo.extend({
  state: z.enum(HOST_STATES).describe("no_data: silent for three intervals or more"),
  worst: severity.nullable().describe("The gravest anomaly that goes on"),
});

export const hosts = {
  list: endpoint({
    method: "get",
    path: "/hosts",
    tag: "Hosts",
    summary: "All hosts, with their newest figures",
    permission: "hosts:read",
    query: z.object({
      retired: booleanParam.default(false).describe("true: those that were retired, in place of the others"),
    }),
    response: z.array(
      hostWithState.extend({
        ...{ cpu: percentage, memory: percentage, disk: percentage },
        response: z.number().nullable().describe("ms: the slowest of its databases and of the checks that it runs"),
      }),
    ),
  }),
  sparklines: endpoint({
    method: "get",
    path: "/hosts/sparklines",
    tag: "Hosts",
    summary: "The last hour of some hosts, in steps of two minutes",
    permission: "metrics:read",
    query: z.object({ hosts: z.array(entityIdParam).min(1).max(100) }),
    response: z.array(
      z.object({
        host: z.number().int(),
        cpu: z.array(point),
        memory: z.array(point),
        network: z.array(point).describe("bytes/s in and out, all interfaces together"),
      }),
    ),
  }),
  update: endpoint({
    method: "patch",
    path: "/hosts/{id}",
    tag: "Hosts",
    summary:
      "Renames, tags, groups, retires or restores a host; one that is retired keeps its past, and its agent is revoked",
    permission: "hosts:manage",
    params: idParams,
    body: z
      .object({
        name: hostName().nullable().describe("null: its hostname again"),
        ...hostGrouping,
        retired: z.boolean(),
      })
      .partial(),
    response: hostInfo,
  }),
  merge: endpoint({
    method: "post",
    path: "/hosts/{id}/merge",
    tag: "Hosts",
    summary:
      "Gives the whole history of a retired host to the host that goes on for it, and removes the retired one; where both have a value of one instant, that of the host that goes on stays",
    permission: "hosts:manage",
    params: idParams,
    body: z.object({ into: z.number().int().positive().describe("The host that goes on") }),
    response: hostInfo,
  }),
  revokeAgent: endpoint({
    method: "delete",
    path: "/hosts/{id}/agent",
    tag: "Hosts",
    summary: "Revokes the credential of a host's agent; what it sent stays",
    permission: "hosts:manage",
    params: idParams,
  }),
  rotateAgent: endpoint({
    method: "post",
    path: "/hosts/{id}/agent/rotation",
    tag: "Hosts",
    summary: "Has a host's agent change its credential when it next reports",
    permission: "hosts:manage",
    params: idParams,
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
