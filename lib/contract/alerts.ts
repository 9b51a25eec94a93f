import { z } from "zod";
import { endpoint } from "#lib/contract/endpoint.ts";
import { ALERT_FALLBACKS, ALERT_STATES, RULE_AGGREGATES, RULE_OPERATORS, SEVERITIES } from "#lib/contract/enums.ts";
import {
  entityId,
  entityIdParam,
  hostQuery,
  idParams,
  instant,
  labels,
  spanQuery,
  unit,
} from "#lib/contract/shared.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Beyond this no figure is one that somebody sets as a limit. */
const level = z.number().min(-1e15).max(1e15);
const duration = (most: number) => z.number().int().min(0).max(most).describe("ms");

/** When a rule's value is an alert. */
const conditionSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("threshold"),
    operator: z.enum(RULE_OPERATORS),
    level,
    resolveLevel: level.optional().describe("The alert ends only past this level; default: `level`"),
  }),
  z.object({
    kind: z.literal("change"),
    direction: z.enum(["up", "down", "any"]),
    percent: z.number().positive().max(1e6).describe("Change against the same window `against_ms` earlier, percent"),
    againstMs: z
      .number()
      .int()
      .min(MINUTE_MS)
      .max(366 * DAY_MS)
      .default(DAY_MS)
      .describe("ms"),
  }),
  z.object({ kind: z.literal("absence") }).describe("No sample in the window"),
  z
    .object({
      kind: z.literal("anomaly"),
      confidence: z.number().min(0).max(1).default(0.9).describe("At least this sure to be a true one"),
    })
    .describe("An anomaly of the series goes on"),
]);

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, "Write a label as letters, digits and _");

export const ruleSchema = z.object({
  name: z.string().trim().min(1, "Enter a name").max(100),
  enabled: z.boolean().default(true),
  severity: z.enum(SEVERITIES).default("warning"),
  series: z.string().trim().min(1).max(300).describe('A metric, or one with labels: disk.usage{mount="/"}'),
  aggregate: z.enum(RULE_AGGREGATES).default("avg").describe("How the samples of the window become one value"),
  windowMs: z.number().int().min(5_000).max(DAY_MS).default(MINUTE_MS).describe("ms"),
  hostIds: z.array(entityId).max(1_000).default([]).describe("Default: all hosts"),
  condition: conditionSchema,
  forMs: duration(7 * DAY_MS)
    .default(0)
    .describe("How long the condition must hold, ms"),
  keepFiringMs: duration(DAY_MS).default(0).describe("How long the alert outlasts the condition, ms"),
  noData: z.enum(ALERT_FALLBACKS).default("state").describe("What a window without samples means"),
  onError: z.enum(ALERT_FALLBACKS).default("keep").describe("What a query that fails means"),
  labels: z.record(labelName, z.string().max(200)).default({}),
  note: z.string().max(2_000).default("").describe("What it means and what to do"),
  runbook: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .describe("Link to a runbook"),
});

const rule = z.object({
  id: z.number().int(),
  ...ruleSchema.shape,
  updatedAt: instant,
  problem: z.string().nullable().describe("Why it judges nothing, such as a series that no host has"),
});

const alert = z.object({
  hostId: z.number().int(),
  host: z.string(),
  id: z.number().int(),
  ruleId: z.number().int(),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(ALERT_STATES),
  series: z.string(),
  labels,
  unit,
  rate: z.boolean().describe("Values are per second"),
  summary: z.string().describe("What is the matter, in words"),
  value: z.number().nullable().describe("The newest value"),
  startedAt: instant.describe("Since when the condition holds"),
  firedAt: instant.nullable(),
  endedAt: instant.nullable(),
  note: z.string(),
  runbook: z.string(),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  comment: z.string(),
  transitions: z.array(z.object({ at: instant, state: z.enum(ALERT_STATES), value: z.number().nullable() })),
});

const hostAndId = { params: idParams, query: z.object({ host: entityIdParam }) };

export const alertRules = {
  list: endpoint({
    method: "get",
    path: "/alerts/rules",
    tag: "Alerts",
    summary: "Alert rules",
    permission: "alerts:read",
    response: z.array(rule),
  }),
  create: endpoint({
    method: "post",
    path: "/alerts/rules",
    tag: "Alerts",
    summary: "Creates an alert rule",
    permission: "alerts:write",
    body: ruleSchema,
    response: rule,
    status: 201,
  }),
  replace: endpoint({
    method: "put",
    path: "/alerts/rules/{id}",
    tag: "Alerts",
    summary: "Replaces an alert rule; its alerts go on, and are judged by it from the next evaluation",
    permission: "alerts:write",
    params: idParams,
    body: ruleSchema,
    response: rule,
  }),
  remove: endpoint({
    method: "delete",
    path: "/alerts/rules/{id}",
    tag: "Alerts",
    summary: "Removes an alert rule; its alerts end, and stay in the history",
    permission: "alerts:write",
    params: idParams,
  }),
};

export const alerts = {
  list: endpoint({
    method: "get",
    path: "/alerts",
    tag: "Alerts",
    summary: "Alerts, those that go on first, the gravest and newest of each first",
    permission: "alerts:read",
    query: z.object({
      ...hostQuery,
      ...spanQuery("now-7d"),
      state: z.array(z.enum(ALERT_STATES)).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
    }),
    response: z.array(alert),
  }),
  acknowledge: endpoint({
    method: "post",
    path: "/alerts/{id}/acknowledge",
    tag: "Alerts",
    summary: "Says that somebody works on an alert; it holds as long as the alert goes on",
    permission: "alerts:acknowledge",
    ...hostAndId,
    body: z.object({ comment: z.string().max(1_000).default("") }),
    response: alert,
  }),
};
