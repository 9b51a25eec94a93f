import { endpoint } from "#lib/contract/endpoint.ts";
import { EFFECT_SCALES, VERDICT_DECISIONS } from "#lib/contract/enums.ts";
import {
  ACTIONS,
  ASSIGNMENT_REASONS,
  CHANGE_ACTIONS,
  EXPERIMENT_KINDS,
  STATUSES,
  VERDICT_RULES,
} from "#lib/contract/experiment-names.ts";
import {
  amendmentSchema,
  experimentSchema,
  metricSchema,
  planSchema,
  variantSchema,
} from "#lib/contract/experiment-plans.ts";
import * as z from "#lib/contract/schema.ts";
import { instant, unit } from "#lib/contract/shared.ts";

const idOrKey = z.object({ id: z.string().min(1).max(100).describe("Id or key") });
const status = z.enum(STATUSES);
const interval = z.tuple([z.number(), z.number()]);

const experiment = z.object({
  id: z.number().int(),
  key: z.string(),
  name: z.string(),
  hypothesis: z.string(),
  kind: z.enum(EXPERIMENT_KINDS),
  status,
  owner: z.string().nullable(),
  tags: z.array(z.string()),
  plan: planSchema,
  createdAt: instant,
  startedAt: instant.nullable(),
  stoppedAt: instant.nullable(),
  variants: z.array(variantSchema),
  metrics: z.array(metricSchema),
  decision: z.enum(VERDICT_DECISIONS).nullable(),
});

const figure = z.object({ value: z.number(), interval, how: z.string() }).nullable();

const record = z.object({
  efficiency_improvement: figure,
  quality_improvement: figure,
  performance_impact: figure,
  success_probability: figure,
});

const change = z.object({
  id: z.number().int(),
  at: instant,
  userId: z.string().nullable(),
  action: z.enum(CHANGE_ACTIONS),
  reason: z.string(),
  change: z
    .record(z.string(), z.object({ from: z.unknown(), to: z.unknown() }))
    .describe("By the field of the plan, as in `update`: max_days"),
});

const verdict = z.object({
  id: z.number().int(),
  at: instant,
  decision: z.enum(VERDICT_DECISIONS),
  reasons: z.array(z.string()),
  record,
  notifiedAt: instant.nullable().describe("When the webhook received it"),
  webhookFailure: z.string().nullable().describe("Why the last attempt to send it to the webhook failed"),
  webhookFailedAt: instant.nullable().describe("When sending it was given up; null while it is tried again"),
});

const judgement = z.object({
  decision: z.enum(VERDICT_DECISIONS),
  rule: z.enum(VERDICT_RULES).describe("What decided: a stop rule, or why nothing is concluded"),
  variant: z.string().nullable(),
  reasons: z.array(z.string()),
  record,
  arms: z
    .array(
      z.object({
        variant: z.string(),
        decision: z.enum(VERDICT_DECISIONS),
        rule: z.enum(VERDICT_RULES),
        reasons: z.array(z.string()),
      }),
    )
    .describe("What is concluded of each treatment"),
  canary: z
    .number()
    .nullable()
    .describe("0 to 100, of the treatment that fares worst; below 50 do not go on, null while nothing is known"),
  daysLeft: z.number().nullable(),
});

const { name, role, category, better, minEffect, margin } = metricSchema.shape;

const metricResult = z.object({
  ...{ key: z.string(), name, role, category, better, minEffect, margin },
  unit: unit.optional(),
  arms: z.array(z.object({ variant: z.string(), n: z.number(), mean: z.number() })),
  comparisons: z.array(
    z.object({
      variant: z.string(),
      scale: z
        .enum(EFFECT_SCALES)
        .describe("relative: a share of the control; points: of a proportion; absolute: where the control may be 0"),
      base: z.number().describe("What minimum effects and margins are shares of, on the scale"),
      effect: z.number().describe("On the scale: 0.1 is +10 %, or +10 points, or 0.1"),
      ci: interval,
      p: z.number(),
      adjustedP: z.number(),
      stderr: z.number(),
      method: z.string(),
      chanceToWin: z.number(),
      risk: interval,
      posteriorCi: interval,
      improvement: z.number().describe("the effect, turned so that more is better"),
      improvementCi: interval,
    }),
  ),
});

const attributes = z.record(z.string().max(100), z.union([z.string().max(500), z.number(), z.boolean()]));
const subject = z.string().min(1).max(200);
/** No event is older; seconds, taken for ms, lie in January 1970. */
const MIN_EVENT_MS = Date.UTC(2000);

/** Clocks of clients may be ahead by so much. */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

/** An instant as ISO 8601 or in ms; ms here. */
const at = z
  .union([z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)), z.number()])
  .refine((ms) => ms >= MIN_EVENT_MS && ms <= Date.now() + MAX_AHEAD_MS, {
    error: "Use an instant from 2000 to now, as ISO 8601 or in ms (not in seconds)",
  })
  .optional();

/** What sums of squares hold to the last digit. */
const [MIN_VALUE, MAX_VALUE] = [1e-12, 1e15];
const eventValue = z
  .number()
  .refine((value) => value === 0 || (Math.abs(value) >= MIN_VALUE && Math.abs(value) <= MAX_VALUE), {
    error: `Use 0, or a value from ${MIN_VALUE} to 1e15 of either sign: choose a larger or smaller unit`,
  });

export const experiments = {
  list: endpoint({
    method: "get",
    path: "/experiments",
    tag: "Experiments",
    summary: "Experiments, newest first",
    permission: "experiments:read",
    query: z.object({
      status: status.optional(),
      tag: z.string().max(50).optional(),
      since: z
        .string()
        .optional()
        .describe("Only those started or stopped since: ISO 8601, ms since the epoch, or now-1h"),
    }),
    response: z.array(experiment),
  }),
  create: endpoint({
    method: "post",
    path: "/experiments",
    tag: "Experiments",
    summary: "Creates a draft",
    permission: "experiments:write",
    body: experimentSchema,
    response: experiment,
    status: 201,
  }),
  read: endpoint({
    method: "get",
    path: "/experiments/{id}",
    tag: "Experiments",
    summary: "One experiment",
    permission: "experiments:read",
    params: idOrKey,
    response: experiment,
  }),
  replace: endpoint({
    method: "put",
    path: "/experiments/{id}",
    tag: "Experiments",
    summary: "Replaces a draft; once started a plan is fixed",
    permission: "experiments:write",
    params: idOrKey,
    body: experimentSchema,
    response: experiment,
  }),
  update: endpoint({
    method: "patch",
    path: "/experiments/{id}",
    tag: "Experiments",
    summary: "Amends a started experiment, with a reason that its history keeps",
    permission: "experiments:write",
    params: idOrKey,
    body: amendmentSchema,
    response: experiment,
  }),
  transition: endpoint({
    method: "post",
    path: "/experiments/{id}/status",
    tag: "Experiments",
    summary: "Starts, pauses, resumes, stops or archives",
    permission: "experiments:write",
    params: idOrKey,
    body: z.object({ action: z.enum(ACTIONS), reason: z.string().max(1_000).default("") }),
    response: experiment,
  }),
  history: endpoint({
    method: "get",
    path: "/experiments/{id}/history",
    tag: "Experiments",
    summary: "Changes with their reasons, and verdicts",
    permission: "experiments:read",
    params: idOrKey,
    response: z.object({
      changes: z.array(change),
      verdicts: z.array(verdict),
    }),
  }),
  results: endpoint({
    method: "get",
    path: "/experiments/{id}/results",
    tag: "Experiments",
    summary: "Results of all metrics, data quality and the verdict",
    permission: "experiments:read",
    params: idOrKey,
    response: z.object({
      metrics: z.array(metricResult),
      quality: z.object({ srm: z.number(), mixed: z.number(), warnings: z.array(z.string()) }),
      subjects: z.array(z.object({ variant: z.string(), n: z.number() })),
      runningDays: z.number(),
      verdict: judgement,
    }),
  }),
  timeline: endpoint({
    method: "get",
    path: "/experiments/{id}/timeline",
    tag: "Experiments",
    summary: "A metric's effect as it stood at the end of each day",
    permission: "experiments:read",
    params: idOrKey,
    query: z.object({ metric: z.string().max(100) }),
    response: z.array(
      z.object({
        variant: z.string(),
        days: z.array(
          z.object({
            at: z.number(),
            scale: z.enum(EFFECT_SCALES),
            effect: z.number(),
            ci: interval,
            chanceToWin: z.number(),
          }),
        ),
      }),
    ),
  }),
  dimensions: endpoint({
    method: "get",
    path: "/experiments/{id}/dimensions",
    tag: "Experiments",
    summary: "Results by the values of the plan's dimension",
    permission: "experiments:read",
    params: idOrKey,
    response: z.array(
      z.object({ dimension: z.string().describe("A value of the dimension"), metrics: z.array(metricResult) }),
    ),
  }),
  verdict: endpoint({
    method: "get",
    path: "/experiments/{id}/verdict",
    tag: "Experiments",
    summary: "The verdict, for a deploy pipeline to poll",
    permission: "experiments:read",
    params: idOrKey,
    response: z.object({ experiment: z.string(), status, ...judgement.shape }),
  }),
  assign: endpoint({
    method: "post",
    path: "/experiments/{id}/assign",
    tag: "Experiments",
    summary: "Assigns a subject its variant, always the same, and records the exposure",
    permission: "experiments:ingest",
    audit: "none",
    browser: true,
    params: idOrKey,
    body: z.object({ subject, attributes: attributes.default({}), record: z.boolean().default(true) }),
    response: z.object({ variant: z.string().nullable(), reason: z.enum(ASSIGNMENT_REASONS) }),
  }),
  recordExposures: endpoint({
    method: "post",
    path: "/experiments/{id}/exposures",
    tag: "Experiments",
    summary:
      "Records exposures in a batch; a subject's first by its time counts, and sending them again changes nothing. What is wrong is refused by its index (400), and the rest is stored",
    permission: "experiments:ingest",
    audit: "none",
    browser: true,
    ingest: true,
    params: idOrKey,
    each: "exposures",
    body: z.object({
      exposures: z
        .array(
          z.object({
            subject,
            variant: z.string().max(100),
            at,
            dimension: z.string().max(100).optional().describe("The subject's value of the plan's dimension"),
          }),
        )
        .min(1)
        .max(10_000),
    }),
    response: z.object({ received: z.number(), fresh: z.number() }),
  }),
  recordEvents: endpoint({
    method: "post",
    path: "/experiments/events",
    tag: "Experiments",
    summary:
      "Records metric events in a batch; the id makes sending an event again harmless. What is wrong is refused by its index (400), and the rest is stored",
    permission: "experiments:ingest",
    audit: "none",
    browser: true,
    ingest: true,
    each: "events",
    body: z.object({
      events: z
        .array(
          z.object({
            id: z.string().min(1).max(200),
            subject,
            metric: z.string().min(1).max(200),
            value: eventValue.default(1),
            at,
          }),
        )
        .min(1)
        .max(10_000),
    }),
    response: z.object({ received: z.number(), fresh: z.number() }),
  }),
};
