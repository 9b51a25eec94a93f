import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { idParams, instant, timeOfDay, zoneName } from "#lib/contract/shared.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** When a maintenance window comes again. */
export const recurrenceSchema = z.object({
  at: timeOfDay,
  durationMs: z
    .number()
    .int()
    .min(MINUTE_MS)
    .max(7 * DAY_MS)
    .describe("ms"),
  weekdays: z.array(z.number().int().min(1).max(7)).max(7).default([]).describe("1 is Monday. Default: every day"),
  monthDays: z.array(z.number().int().min(1).max(31)).max(31).default([]).describe("Default: every day"),
  zone: zoneName.default("UTC"),
});

const plan = {
  matchers: z
    .string()
    .trim()
    .max(1_000)
    .describe(
      'Labels as between the braces of a selector; host, rule, severity and series are labels too: host="db-01"',
    ),
  comment: z.string().trim().min(1, "Say why").max(1_000),
  endsAt: instant,
  maintenance: z.boolean().default(false).describe("A maintenance window: the status page shows it"),
  recurrence: recurrenceSchema.nullable().default(null).describe("It holds in each of these until it ends"),
};

const silence = z.object({
  id: z.number().int(),
  ...plan,
  startsAt: instant,
  author: z.string().nullable(),
  next: z.object({ from: instant, to: instant }).nullable().describe("When it holds now or next"),
});

export const alertSilences = {
  list: endpoint({
    method: "get",
    path: "/alerts/silences",
    tag: "Alerts",
    summary: "Silences and maintenance windows that hold or will",
    permission: "alerts:read",
    response: z.array(silence),
  }),
  create: endpoint({
    method: "post",
    path: "/alerts/silences",
    tag: "Alerts",
    summary: "Silences alerts by their labels: they send no notifications until it ends",
    permission: "alerts:silence",
    body: z.object({ ...plan, startsAt: instant.optional().describe("Default: now") }),
    response: z.array(silence),
    status: 201,
  }),
  remove: endpoint({
    method: "delete",
    path: "/alerts/silences/{id}",
    tag: "Alerts",
    summary: "Ends a silence now: what it held back is sent, where it still goes on",
    permission: "alerts:silence",
    params: idParams,
  }),
};
