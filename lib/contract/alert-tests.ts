import { ruleSchema } from "#lib/contract/alerts.ts";
import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, idParams, instant, labels, point, promqlExpression, unit, zoneName } from "#lib/contract/shared.ts";

const pastAlert = z.object({
  hostId: z.number().int(),
  host: z.string(),
  series: z.string(),
  from: instant,
  to: instant.nullable().describe("null of one that would still fire"),
});

const summary = {
  alerts: z.number().int(),
  night: z.number().int().describe("Begun between 22 and 6 o'clock in the zone"),
  longestMs: z.number(),
  byDay: z.array(z.object({ at: z.number(), raised: z.number() })),
};

/** What rules would have done. */
export const alertTests = {
  check: endpoint({
    method: "post",
    path: "/alerts/rules/check",
    tag: "Alerts",
    summary: "Whether a rule can be, and which series or elements it would judge now",
    permission: "alerts:write",
    audit: "none",
    body: ruleSchema,
    response: z.object({
      problem: z.string().nullable().describe("Why it would judge nothing"),
      series: z.number().int().describe("Or elements of an expression"),
      hosts: z.number().int(),
      elements: z
        .array(
          z.object({
            host: z.string(),
            labels,
            value: z.number().nullable().describe("null is NaN or infinite"),
            summary: z.string(),
          }),
        )
        .describe("Of an expression, the first ten"),
    }),
  }),
  chart: endpoint({
    method: "post",
    path: "/alerts/rules/chart",
    tag: "Alerts",
    summary: "What an expression was over a time, without the comparison with a number that its rule ends with",
    permission: "metrics:read",
    audit: "none",
    body: z.object({
      expr: promqlExpression,
      from: instant,
      to: instant,
      points: z.number().int().min(2).max(4_000).default(480).describe("At most so many of each series"),
      labels: labels.default({}).describe("Only series whose labels are these where they have them"),
      host: entityId.optional().describe("Only series of this host, where they name one"),
    }),
    response: z.object({
      level: z.number().nullable().describe("The number that the expression is compared with"),
      series: z.array(z.object({ labels, points: z.array(point) })).describe("At most 20"),
      leftOut: z.number().int(),
    }),
  }),
  test: endpoint({
    method: "post",
    path: "/alerts/rules/test",
    tag: "Alerts",
    summary: "Back-test: what a rule would have done in the past, by the evaluation's own code",
    permission: "alerts:write",
    audit: "none",
    body: z.object({
      rule: ruleSchema,
      days: z.number().int().min(1).max(60).default(30),
      zone: zoneName.default("UTC"),
    }),
    response: z.object({
      from: instant,
      to: instant,
      problem: z.string().nullable().describe("Why it judges nothing"),
      series: z.number().int(),
      leftOut: z.number().int().describe("Series beyond what one test reads"),
      ...summary,
      channels: z.array(z.object({ name: z.string(), alerts: z.number().int() })).describe("Whom they would have told"),
      examples: z.array(pastAlert).describe("The longest, at most 100"),
      chart: z
        .object({ host: z.string(), series: z.string(), unit, rate: z.boolean(), points: z.array(point) })
        .nullable()
        .describe("The series with the most alerts"),
    }),
  }),
  noisy: endpoint({
    method: "get",
    path: "/alerts/rules/noisy",
    tag: "Alerts",
    summary: "The rules with the most alerts of the past week",
    permission: "alerts:read",
    response: z.array(
      z.object({
        ruleId: z.number().int(),
        rule: z.string(),
        alerts: z.number().int(),
        series: z.number().int(),
        acknowledged: z.number().int(),
        medianMs: z.number(),
      }),
    ),
  }),
  remedies: endpoint({
    method: "get",
    path: "/alerts/rules/{id}/remedies",
    tag: "Alerts",
    summary: "Changes that would have made a rule quieter in the past week, each with its back-test",
    permission: "alerts:write",
    params: idParams,
    response: z.object({
      alerts: z.number().int().describe("Of the rule as it is"),
      remedies: z.array(
        z.object({ title: z.string(), rule: ruleSchema, alerts: z.number().int(), longestMs: z.number() }),
      ),
    }),
  }),
};
