import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { entityIdParam, instant, spanQuery } from "#lib/contract/shared.ts";

export const audit = {
  list: endpoint({
    method: "get",
    path: "/audit",
    tag: "Audit",
    summary: "The audit trail of a range, newest first, a page at a time",
    permission: "audit:read",
    audit: "read",
    query: z.object({
      ...spanQuery("now-30d"),
      before: entityIdParam.optional().describe("Only events older than this id"),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: z.array(
      z.object({
        id: z.number().int(),
        at: instant,
        email: z.string(),
        action: z.string(),
        subject: z.string(),
        details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      }),
    ),
  }),
  check: endpoint({
    method: "get",
    path: "/audit/check",
    tag: "Audit",
    summary: "Checks the integrity of the audit trail: the keyed chain, and its head as noted outside of the database",
    permission: "audit:read",
    response: z.object({
      entries: z.number().int(),
      broken: z
        .number()
        .int()
        .nullable()
        .describe("Id of the first event that was changed, is missing, or follows a deleted event"),
      problem: z.string().optional().describe("What is the matter"),
    }),
  }),
};
