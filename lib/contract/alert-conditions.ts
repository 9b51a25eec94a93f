import { RULE_AGGREGATES, RULE_OPERATORS } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { promqlExpression } from "#lib/contract/shared.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Beyond this no figure is one that somebody sets as a level. */
const level = z.number().min(-1e15).max(1e15);
const span = (least: number, most: number) => z.number().int().min(least).max(most).describe("ms");

/** What a rule reads: samples of a window, as one value. */
export const windowFields = {
  series: z
    .string()
    .trim()
    .max(300)
    .default("")
    .describe('A metric, or one with labels: disk.usage{mount="/"}; of a heartbeat none'),
  aggregate: z.enum(RULE_AGGREGATES).default("avg").describe("How the samples of the window become one value"),
  windowMs: span(5 * SECOND_MS, DAY_MS)
    .default(MINUTE_MS)
    .describe("ms; no shorter than three intervals of the series"),
};

const threshold = z.object({
  kind: z.literal("threshold"),
  operator: z.enum(RULE_OPERATORS),
  level,
  resolveLevel: level.optional().describe("The alert ends only past this level; default: `level`"),
});

const change = z.object({
  kind: z.literal("change"),
  direction: z.enum(["up", "down", "any"]),
  percent: z.number().positive().max(1e6).describe("Change against the same window `against_ms` earlier, percent"),
  againstMs: span(MINUTE_MS, 366 * DAY_MS).default(DAY_MS),
});

const absence = z.object({ kind: z.literal("absence") }).describe("No sample in the window");

const anomaly = z
  .object({
    kind: z.literal("anomaly"),
    confidence: z.number().min(0).max(1).default(0.9).describe("At least this sure to be a true one"),
  })
  .describe("An anomaly of the series goes on");

const forecast = z
  .object({
    kind: z.literal("forecast"),
    operator: z.enum(RULE_OPERATORS).default(">="),
    level,
    withinMs: span(HOUR_MS, 366 * DAY_MS).default(7 * DAY_MS),
    probability: z.number().min(0.01).max(1).default(0.8).describe("At least this likely, 0 to 1"),
  })
  .describe("The series reaches a level within a time, by how it grew in the past four weeks");

const burnWindow = z.object({
  longMs: span(5 * MINUTE_MS, 30 * DAY_MS),
  shortMs: span(MINUTE_MS, 3 * DAY_MS),
  factor: z.number().min(0.1).max(10_000).describe("How many times as fast as the objective allows"),
});

/** The windows of the Site Reliability Workbook, chapter 5: 2 % of a month's budget in an hour, 5 % in six. */
const BURN_WINDOWS = [
  { longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, factor: 14.4 },
  { longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS, factor: 6 },
];

const burnRate = z
  .object({
    kind: z.literal("burn_rate"),
    objective: z.number().min(0.5).max(0.99999).describe("Share that is to be good, 0.999"),
    bad: z
      .object({ operator: z.enum(RULE_OPERATORS), level })
      .optional()
      .describe("When a value of the series is bad: the share of time is counted"),
    total: z
      .string()
      .trim()
      .max(300)
      .optional()
      .describe("In place of `bad`: the series is of failures, and this of everything"),
    windows: z.array(burnWindow).min(1).max(4).default(BURN_WINDOWS),
  })
  .describe("An error budget burns too fast, in a long window and in a short one");

const simple = [threshold, change, absence, anomaly] as const;

const composite = z
  .object({
    kind: z.literal("composite"),
    operator: z.enum(["all", "any"]),
    parts: z
      .array(
        z.object({
          ...windowFields,
          not: z.boolean().default(false),
          condition: z.discriminatedUnion("kind", [...simple, forecast]),
        }),
      )
      .min(1)
      .max(10),
  })
  .describe("Several conditions of a host; of series with the same labels, where they have some in common");

const heartbeat = z
  .object({
    kind: z.literal("heartbeat"),
    everyMs: span(MINUTE_MS, 366 * DAY_MS).optional(),
    cron: z.string().max(100).optional().describe("In place of `every_ms`: minute hour day month weekday"),
    zone: z.string().max(60).default("UTC").describe("Whose clock `cron` is by"),
    graceMs: span(0, 7 * DAY_MS).default(5 * MINUTE_MS),
  })
  .describe("A job that must report at its own URL in time");

/** The name of a label or an annotation. */
export const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, "Write a label as letters, digits and _");

/** The most elements that an expression may give: beyond, a rule is wrong, or is to be aggregated. */
export const MAX_ELEMENTS = 1_000;

const expression = z
  .object({
    kind: z.literal("expression"),
    expr: promqlExpression.describe("PromQL: up == 0"),
    everyMs: span(10 * SECOND_MS, HOUR_MS)
      .default(MINUTE_MS)
      .describe("How often it is evaluated, ms"),
    annotations: z
      .record(labelName, z.string().max(4_000))
      .default({})
      .describe("Templates as in Prometheus: {{ $labels.instance }} is at {{ $value | humanize }}"),
    limit: z.number().int().min(0).max(MAX_ELEMENTS).default(0).describe("The most elements; 0: 1,000"),
    origin: z
      .object({ group: z.string().max(300), alert: z.string().max(300), number: z.number().int().min(1) })
      .optional()
      .describe("Where an imported rule comes from: its group, its name there, and which of that name it is"),
  })
  .describe("Each element that a PromQL expression gives is an alert of its own, by its labels");

/** When a rule's value is an alert. */
export const conditionSchema = z.discriminatedUnion("kind", [
  ...simple,
  forecast,
  burnRate,
  composite,
  heartbeat,
  expression,
]);

export type RuleCondition = z.output<typeof conditionSchema>;
export type ConditionOf<K extends RuleCondition["kind"]> = Extract<RuleCondition, { kind: K }>;
