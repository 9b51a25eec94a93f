import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { hostQuery, hostRef, instant } from "#lib/contract/shared.ts";

export const integrations = {
  list: endpoint({
    method: "get",
    path: "/integrations",
    tag: "Inputs",
    summary: "What programs the inputs receive metrics of, by the names of these",
    permission: "inputs:read",
    query: z.object(hostQuery),
    response: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        series: z.number().int(),
        hosts: z.array(hostRef).describe("The inputs that have them"),
        lastSeenAt: instant.nullable(),
      }),
    ),
  }),
};
