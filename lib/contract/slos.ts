import { endpoint } from "#lib/contract/endpoint.ts";
import { LATENCY_BOUNDS, SEVERITIES, SLO_STATES, SLO_WINDOWS } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, idParams, instant, point } from "#lib/contract/shared.ts";

const TAG = "SLOs";

const application = {
  host: entityId.describe("Host of the input that the service sends its spans to"),
  service: z.string().trim().min(1, "Choose a service").max(300),
  operation: z.string().trim().max(300).default("").describe("Empty: all that the service serves"),
};

const selector = (what: string) =>
  z.string().trim().min(1, "Enter a selector").max(2_000).describe(`PromQL selector of counters: ${what}`);

const indicator = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("availability"), ...application }).describe("Requests that did not fail"),
  z
    .object({ kind: z.literal("latency"), ...application, seconds: z.enum(LATENCY_BOUNDS) })
    .describe("Requests that took at most so long"),
  z
    .object({
      kind: z.literal("ratio"),
      good: selector('http_requests_total{job="shop", code!~"5.."}'),
      total: selector('http_requests_total{job="shop"}'),
    })
    .describe("Good events among all events"),
  z.object({ kind: z.literal("check"), check: entityId }).describe("Runs of a check that succeeded"),
]);
export type Indicator = z.output<typeof indicator>;

export const sloSchema = z.object({
  name: z.string().trim().min(1, "Enter a name").max(100),
  description: z.string().trim().max(2_000).default(""),
  service: z.string().trim().max(300).default(""),
  owner: z.string().trim().max(200).default(""),
  indicator,
  objective: z.number().min(50).lt(100, "Write an objective below 100 %: without any budget every failure exceeds it"),
  windowDays: z.literal(SLO_WINDOWS).default(28),
  alerts: z.boolean().default(true).describe("Creates alert rules of its burn rate"),
  minFailed: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(5)
    .describe("So many events must have failed in the long window before an alert fires"),
});

const share = z.number().nullable();

const figures = z.object({
  state: z.enum(SLO_STATES),
  dataFrom: instant.nullable().describe("Of the first event of the window that is stored"),
  total: z.number().describe("Events of the window"),
  failed: z.number(),
  sli: share.describe("Good events among all, 0 to 1; null without any event"),
  budgetEvents: z.number().describe("So many of these events may fail"),
  budgetLeft: share.describe("Share of the budget; below 0 it is exceeded, null without any event"),
  budgetMinutes: z.number().describe("The budget as minutes in which everything fails"),
  minutesLeft: share,
  burnHour: share.describe("How many times as fast as the objective allows, the last hour; null without any event"),
  burnSixHours: share,
  exhaustedAt: instant.nullable().describe("When the budget is used up at the burn rate of the last hour; null: not"),
});
export type SloFigures = z.output<typeof figures>;

const slo = z.object({
  id: z.number().int(),
  ...sloSchema.shape,
  ruleIds: z.array(z.number().int()),
  countedTo: instant.nullable().describe("Events are counted until then"),
  problem: z.string().nullable().describe("Why its events cannot be counted"),
});
const listed = slo.extend(figures.shape);

const detail = listed.extend({
  budget: z.array(point).describe("Share of the window's budget that was left, by instant"),
  burn: z.array(point).describe("Burn rate of the hour before"),
  thresholds: z.array(
    z.object({ severity: z.enum(SEVERITIES), longMs: z.number(), shortMs: z.number(), factor: z.number() }),
  ),
  days: z
    .array(z.object({ at: instant, total: z.number(), failed: z.number(), sli: share }))
    .describe("Days in UTC, newest first"),
});

export const slos = {
  list: endpoint({
    method: "get",
    path: "/slos",
    tag: TAG,
    summary: "Service level objectives with the budget that is left, worst first",
    permission: "slos:read",
    response: z.array(listed),
  }),
  read: endpoint({
    method: "get",
    path: "/slos/{id}",
    tag: TAG,
    summary: "A service level objective with the course of its budget, its burn rate and its days",
    permission: "slos:read",
    params: idParams,
    response: detail,
  }),
  create: endpoint({
    method: "post",
    path: "/slos",
    tag: TAG,
    summary: "Creates a service level objective, and the alert rules of its burn rate",
    permission: "slos:write",
    body: sloSchema,
    response: slo,
    status: 201,
  }),
  replace: endpoint({
    method: "put",
    path: "/slos/{id}",
    tag: TAG,
    summary: "Changes a service level objective; another indicator is counted anew",
    permission: "slos:write",
    params: idParams,
    body: sloSchema,
    response: slo,
  }),
  remove: endpoint({
    method: "delete",
    path: "/slos/{id}",
    tag: TAG,
    summary: "Deletes a service level objective with its counts and alert rules",
    permission: "slos:write",
    params: idParams,
  }),
  preview: endpoint({
    method: "post",
    path: "/slos/preview",
    tag: TAG,
    summary: "What a service level objective would have come to over its window, without creating it",
    permission: "slos:write",
    audit: "none",
    body: sloSchema,
    response: z.object({
      from: instant.describe("Of the first event of the window that is stored; later where reading took too long"),
      total: z.number(),
      failed: z.number(),
      sli: share,
      budgetLeft: share,
    }),
  }),
};
