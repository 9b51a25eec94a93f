import { conditionSchema, labelName, windowFields } from "#lib/contract/alert-conditions.ts";
import { endpoint } from "#lib/contract/endpoint.ts";
import { ALERT_EVENT_KINDS, ALERT_FALLBACKS, ALERT_STATES, SEVERITIES } from "#lib/contract/enums.ts";
import { booleanParam } from "#lib/contract/params.ts";
import * as z from "#lib/contract/schema.ts";
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

const DAY_MS = 86_400_000;

const duration = (most: number) => z.number().int().min(0).max(most).describe("ms");

export const ruleSchema = z.object({
  name: z.string().trim().min(1, "Enter a name").max(100),
  enabled: z.boolean().default(true),
  severity: z.enum(SEVERITIES).default("warning"),
  ...windowFields,
  hostIds: z.array(entityId).max(1_000).default([]).describe("Default: all hosts"),
  exceptHostIds: z.array(entityId).max(1_000).default([]).describe("Hosts that are left out of all"),
  condition: conditionSchema,
  forMs: duration(24 * DAY_MS)
    .default(0)
    .describe("How long the condition must hold, ms"),
  keepFiringMs: duration(24 * DAY_MS)
    .default(0)
    .describe("How long the alert outlasts the condition, ms"),
  noData: z.enum(ALERT_FALLBACKS).default("state").describe("What a window without samples means"),
  onError: z.enum(ALERT_FALLBACKS).default("keep").describe("What a query that fails means"),
  labels: z
    .record(labelName, z.string().max(200))
    .default({})
    .describe("Of an expression: templates as annotations are"),
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
  seriesId: z.number().int().describe("0 of a heartbeat, which has none; below 0 of an element of an expression"),
  series: z.string(),
  labels,
  annotations: z.record(z.string(), z.string()).describe("Of an expression, for this element"),
  expr: z.string().describe("The PromQL expression; empty of other rules"),
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
  acknowledgedUntil: instant.nullable().describe("Then whoever was told is told again"),
  snoozedUntil: instant.nullable(),
  assignedTo: z.string().nullable(),
  comment: z.string(),
  events: z.array(
    z.object({ at: instant, by: z.string().nullable(), kind: z.enum(ALERT_EVENT_KINDS), text: z.string() }),
  ),
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

const ruleChange = z.object({
  name: z.string(),
  action: z.enum(["create", "change", "keep", "remove"]),
  fields: z.array(z.string()).describe("Which of its fields differ"),
});

const importedRule = z.object({
  file: z.string(),
  group: z.string(),
  alert: z.string().describe("Its name in the file"),
  name: z.string().describe("Its name here"),
  action: z.enum(["create", "change", "keep", "refuse"]),
  fields: z.array(z.string()).describe("Of one that changes: which of its fields do"),
  changes: z.array(z.string()).describe("What is other than in the file, in words"),
  reason: z.string().nullable().describe("Why it is refused"),
});

/** Rules as code. */
export const alertRuleFiles = {
  export: endpoint({
    method: "get",
    path: "/alerts/rules/file",
    tag: "Alerts",
    summary: "All alert rules as YAML (application/yaml)",
    permission: "alerts:read",
  }),
  import: endpoint({
    method: "post",
    path: "/alerts/rules/file",
    tag: "Alerts",
    summary: "Makes the alert rules those of a YAML file, by their names: all of them or none",
    permission: "alerts:write",
    ingest: true,
    body: z.object({
      yaml: z.string().min(1),
      dryRun: z.boolean().default(false).describe("Only says what would change"),
      prune: z.boolean().default(false).describe("Removes the rules that the file does not have"),
    }),
    response: z.array(ruleChange),
  }),
  importPrometheus: endpoint({
    method: "post",
    path: "/alerts/rules/import",
    tag: "Alerts",
    summary: "Takes over the alert rules of Prometheus' rule files; imported again, those that have changed",
    permission: "alerts:write",
    ingest: true,
    body: z.object({
      files: z
        .array(z.object({ name: z.string().max(300), content: z.string().max(4_000_000) }))
        .min(1, "Choose a file")
        .max(100),
      dryRun: z.boolean().default(false).describe("Only says what would become of each rule"),
    }),
    response: z.object({ rules: z.array(importedRule) }),
  }),
  exportPrometheus: endpoint({
    method: "get",
    path: "/alerts/rules/prometheus",
    tag: "Alerts",
    summary: "The alert rules that are expressions, as a rule file of Prometheus (application/yaml)",
    permission: "alerts:read",
  }),
};

export const heartbeats = {
  read: endpoint({
    method: "get",
    path: "/alerts/rules/{id}/heartbeat",
    tag: "Alerts",
    summary: "The URL that the job of a heartbeat rule reports at, and its last report",
    permission: "alerts:write",
    params: idParams,
    response: z.object({
      url: z.string(),
      lastAt: instant.describe("Of the last report, or since when it is waited for"),
      failed: z.boolean(),
      note: z.string(),
    }),
  }),
  report: endpoint({
    method: "post",
    path: "/heartbeats/{token}",
    tag: "Alerts",
    summary: "A job reports that it ran, or that it failed",
    permission: "public",
    audit: "none",
    params: z.object({ token: z.string().min(1).max(200) }),
    query: z.object({
      failed: booleanParam.optional().describe("true: the job failed, and the alert fires"),
      note: z.string().max(1_000).optional(),
    }),
  }),
  reportByGet: endpoint({
    method: "get",
    path: "/heartbeats/{token}",
    tag: "Alerts",
    summary: "A job reports that it ran, for those that can only GET",
    permission: "public",
    params: z.object({ token: z.string().min(1).max(200) }),
  }),
};

const linkedAction = z.object({
  action: z.enum(["acknowledge", "silence"]),
  host: z.string(),
  summary: z.string(),
  over: z.boolean(),
});

/** Links in emails: signed, for one use, for a week. */
export const alertLinks = {
  read: endpoint({
    method: "get",
    path: "/alert-links",
    tag: "Alerts",
    summary: "What a link of an email would do; reading it does nothing",
    permission: "public",
    query: z.object({ token: z.string().min(1).max(1_000) }),
    response: linkedAction,
  }),
  use: endpoint({
    method: "post",
    path: "/alert-links",
    tag: "Alerts",
    summary: "Acknowledges an alert, or silences it for two hours, by the link of an email; once",
    permission: "public",
    query: z.object({ token: z.string().min(1).max(1_000) }),
    response: linkedAction,
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
    summary: "Says that somebody works on an alert: it is sent to nobody again until that expires",
    permission: "alerts:acknowledge",
    ...hostAndId,
    body: z.object({
      comment: z.string().max(1_000).default(""),
      until: instant.nullable().default(null).describe("Default: as long as the alert goes on"),
    }),
    response: alert,
  }),
  unacknowledge: endpoint({
    method: "delete",
    path: "/alerts/{id}/acknowledge",
    tag: "Alerts",
    summary: "Nobody works on an alert any more",
    permission: "alerts:acknowledge",
    ...hostAndId,
    response: alert,
  }),
  snooze: endpoint({
    method: "post",
    path: "/alerts/{id}/snooze",
    tag: "Alerts",
    summary: "Sends nothing of an alert until an instant, and then again if it still fires",
    permission: "alerts:acknowledge",
    ...hostAndId,
    body: z.object({ until: instant.nullable().describe("null ends it") }),
    response: alert,
  }),
  assign: endpoint({
    method: "post",
    path: "/alerts/{id}/assign",
    tag: "Alerts",
    summary: "Gives an alert to somebody",
    permission: "alerts:acknowledge",
    ...hostAndId,
    body: z.object({ userId: z.uuid().nullable().describe("null is nobody") }),
    response: alert,
  }),
  comment: endpoint({
    method: "post",
    path: "/alerts/{id}/comments",
    tag: "Alerts",
    summary: "Says something about an alert, also about one that is over",
    permission: "alerts:acknowledge",
    ...hostAndId,
    body: z.object({ text: z.string().trim().min(1, "Write something").max(2_000) }),
    response: alert,
  }),
  read: endpoint({
    method: "get",
    path: "/alerts/{id}",
    tag: "Alerts",
    summary: "One alert",
    permission: "alerts:read",
    params: idParams,
    query: z.object(hostQuery),
    response: alert,
  }),
};
