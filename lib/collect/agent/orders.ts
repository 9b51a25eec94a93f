import * as z from "zod";
import type { CheckDefinition } from "#lib/contract/checks.ts";
import { CHECK_KINDS, RECORD_TYPES } from "#lib/contract/enums.ts";

// What the portal wants of an agent, in the names of the wire. What an agent does not know of is left alone, as a portal may be newer.

const checkSchema = z.object({
  ...{ id: z.number(), name: z.string(), kind: z.enum(CHECK_KINDS), target: z.string() },
  interval_ms: z.number().int().min(1_000),
  timeout_ms: z.number().int().min(1),
  options: z.object({
    method: z.enum(["GET", "HEAD"]).optional(),
    statuses: z.string().optional(),
    body: z.string().optional(),
    verify_tls: z.boolean().optional(),
    record: z.enum(RECORD_TYPES).optional(),
    resolver: z.string().optional(),
    expected: z.string().optional(),
  }),
});

export const ordersSchema = z.object({
  collection_interval_ms: z.number().int().min(100).max(3_600_000),
  collect_command_lines: z.boolean().default(false),
  checks: z.array(z.unknown()).default([]),
});

export type AgentOrders = z.output<typeof ordersSchema>;

/** The checks that are ordered, but for those of kinds that this agent does not know. */
export function toChecks({ checks }: AgentOrders): CheckDefinition[] {
  return checks.flatMap((entry) => {
    const { data } = checkSchema.safeParse(entry);
    if (!data) return [];
    const { interval_ms: intervalMs, timeout_ms: timeoutMs, options, ...rest } = data;
    const { verify_tls: verifyTls, ...others } = options;
    return [{ ...rest, intervalMs, timeoutMs, options: verifyTls === undefined ? others : { ...others, verifyTls } }];
  });
}
