import * as z from "#lib/contract/schema.ts";
import "#lib/contract/messages.ts";
import { DIRECTIONS } from "#lib/contract/enums.ts";
import {
  CORRECTIONS,
  ENGINES,
  EXPERIMENT_KINDS,
  METRIC_AGGREGATIONS,
  METRIC_CATEGORIES,
  METRIC_ROLES,
  STOP_RULES,
} from "#lib/contract/experiment-names.ts";
import { entityId } from "#lib/contract/shared.ts";

const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, "Use lower-case letters, digits, - and _, starting with a letter or digit");

/** A number; one that is left out in a form is named as such. */
const number = () => z.number({ error: "Enter a number" });

const condition = z.object({
  attribute: z.string().min(1).max(100),
  op: z.enum(["is", "is_not", "in", "not_in", "above", "below"]),
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]),
});

/** What is fixed once an experiment runs, but for changes that its history names. */
export const planSchema = z.object({
  seed: z.string().max(100).default("").describe("Decides who gets what; the experiment's key where empty"),
  trafficAllocation: number().min(0).max(1).default(1).describe("Share of all subjects that are included"),
  targeting: z.array(condition).max(20).default([]).describe("All must hold of a subject's attributes"),
  exclusion: z
    .object({ group: key, from: number().min(0).max(1), to: number().min(0).max(1) })
    .nullable()
    .default(null)
    .describe("Experiments of one group whose ranges do not overlap share no subject"),
  dimension: z
    .string()
    .max(100)
    .nullable()
    .default(null)
    .describe("The attribute of subjects that results are split by"),
  engine: z.enum(ENGINES).default("sequential"),
  alpha: number().min(0.001).max(0.2).default(0.05),
  tuning: number()
    .min(10)
    .max(10_000_000)
    .default(5_000)
    .describe("Subjects at which sequential intervals are tightest"),
  correction: z.enum(CORRECTIONS).default("holm"),
  priorSd: number()
    .positive()
    .nullable()
    .default(null)
    .describe("Standard deviation of the prior of relative effects; null is a flat prior"),
  power: number().min(0.5).max(0.99).default(0.8),
  minSubjects: number()
    .int()
    .min(2)
    .default(100)
    .describe("Minimum sample size per variant, before anything is concluded"),
  maxDays: number().min(0.01).max(365).default(28),
  stopOn: z.array(z.enum(STOP_RULES)).default(["harm"]),
  periodMinutes: number().min(5).max(10_080).default(60).describe("How long a switchback stays with a variant"),
  beforeDays: number().min(0.25).max(90).default(14).describe("Days before the start that hosts are compared with"),
  webhook: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })], {
      error: "Enter a URL that starts with https:// or http://",
    })
    .default("")
    .describe("The URL that each verdict is sent to. It is answered without its path; sent back so, it stays as it is"),
  links: z.array(z.string().max(300)).max(20).default([]).describe("Deploys and dashboards"),
});

export type Plan = z.infer<typeof planSchema>;

export const variantSchema = z.object({
  key,
  name: z.string().trim().max(100).default(""),
  weight: number().min(0).max(1_000).default(1),
  hostIds: z.array(entityId).max(1_000).default([]),
});

export type VariantPlan = z.infer<typeof variantSchema>;

export const metricSchema = z
  .object({
    key,
    name: z.string().trim().max(100).default(""),
    role: z.enum(METRIC_ROLES).default("secondary"),
    kind: z.enum(METRIC_AGGREGATIONS).default("mean"),
    category: z.enum(METRIC_CATEGORIES).default("performance"),
    event: z.string().max(200).nullable().default(null).describe("The events that are counted"),
    denominator: z
      .string()
      .max(200)
      .nullable()
      .default(null)
      .describe("Of a ratio: the events, or the series, it is divided by"),
    series: z.string().max(300).nullable().default(null).describe("A live metric of the hosts instead"),
    quantile: number().min(0.01).max(0.99).nullable().default(null),
    better: z.enum(DIRECTIONS).default("up"),
    minEffect: number()
      .min(0)
      .max(10)
      .default(0)
      .describe("Minimum effect: the smallest improvement worth shipping, as a share"),
    margin: number().min(0).max(10).default(0.02).describe("Of a guardrail: how much worse it may get, as a share"),
  })
  .superRefine((metric, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (metric.event && metric.series) wrong("event", "Enter an event or a live metric of hosts, not both");
    if (metric.kind === "ratio" && !metric.denominator) wrong("denominator", "Enter the denominator of the ratio");
    if (metric.kind === "proportion" && metric.series)
      wrong("kind", "Choose mean, count, ratio or quantile: a proportion needs subjects");
    if (metric.kind === "quantile" && metric.quantile === null) wrong("quantile", "Enter the quantile, such as 0.95");
  });

export type MetricPlan = z.infer<typeof metricSchema>;

const hasUniqueKeys = (list: { key: string }[]) => new Set(list.map((item) => item.key)).size === list.length;

/** An experiment goes by its id or its key, in one place of the path. */
const experimentKey = key
  .refine((text) => !/^\d+$/.test(text), "Use a letter as well: a number alone is an id")
  .refine((text) => text !== "events", "Use another key: this is a path of the API");

const shape = {
  key: experimentKey,
  name: z.string().trim().min(1, "Enter a name").max(200),
  hypothesis: z.string().max(4_000).default(""),
  kind: z.enum(EXPERIMENT_KINDS).default("ab"),
  tags: z.array(z.string().trim().min(1).max(50)).max(20).default([]),
  plan: planSchema.prefault({}),
  variants: z
    .array(variantSchema)
    .min(2, "An experiment needs a control and a treatment")
    .max(10)
    .refine(hasUniqueKeys, "Keys must differ"),
  metrics: z.array(metricSchema).min(1, "Add at least one metric").max(50).refine(hasUniqueKeys, "Keys must differ"),
};

type Checked = Pick<ExperimentPlan, "kind" | "variants" | "metrics">;

/** What the parts of an experiment ask of one another. */
function checkTogether(whole: Checked, context: z.core.$RefinementCtx): void {
  const wrong = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
  if (!whole.metrics.some(({ role }) => role === "primary")) wrong(["metrics"], "At least one metric must be primary");
  if (whole.kind === "ab" && !whole.variants.some(({ weight }) => weight > 0))
    wrong(["variants"], "At least one variant must have a weight above 0");
  whole.metrics.forEach(({ event, series }, n) => {
    if (whole.kind === "ab" && !event && !series) wrong(["metrics", n, "event"], "Enter the event that is measured");
    if (whole.kind === "ab" && series)
      wrong(["metrics", n, "series"], "Enter an event: subjects are not measured by a series");
    if (whole.kind !== "ab" && !series)
      wrong(["metrics", n, "series"], "Enter the live metric that hosts are measured by");
  });
  if (whole.kind === "hosts" && whole.variants.some(({ hostIds }) => hostIds.length === 0))
    wrong(["variants"], "Each variant needs hosts");
  if ((whole.kind === "before_after" || whole.kind === "switchback") && (whole.variants[0]?.hostIds.length ?? 0) === 0)
    wrong(["variants", 0, "hostIds"], "Enter the hosts that are measured");
  if (whole.kind !== "ab" && whole.variants.length !== 2)
    wrong(["variants"], "This kind of experiment compares exactly two variants");
}

/** All of an experiment's plan, as a draft is written. */
export const experimentSchema = z.object(shape).superRefine(checkTogether);

export type ExperimentPlan = z.infer<z.ZodObject<typeof shape>>;

/** What may still be changed while it runs, each with a reason that its history keeps. */
export const amendmentSchema = z
  .object({
    reason: z.string().trim().min(1, "Enter a reason: the history keeps it").max(1_000),
    name: shape.name.optional(),
    hypothesis: z.string().max(4_000).optional(),
    tags: shape.tags.removeDefault().optional(),
    maxDays: planSchema.shape.maxDays.removeDefault().optional(),
    stopOn: planSchema.shape.stopOn.removeDefault().optional(),
    webhook: planSchema.shape.webhook.removeDefault().optional(),
    links: planSchema.shape.links.removeDefault().optional(),
  })
  .strict();

export type Amendment = z.infer<typeof amendmentSchema>;
