import {
  type ExperimentPlan,
  experimentSchema,
  type MetricPlan,
  metricSchema,
  type VariantPlan,
  variantSchema,
} from "#lib/contract/experiment-plans.ts";

/** What a form begins with: a whole plan, and what is added to it. Made on the server, by the schemas' own defaults. */
export type Blank = { plan: ExperimentPlan; variant: VariantPlan; metric: MetricPlan };

const metricOf = (role: "primary" | "secondary"): MetricPlan => ({
  ...metricSchema.parse({ key: "metric", event: "event", role }),
  ...{ key: "", event: "" },
});

/** A new plan has a control, a treatment and a primary metric. */
export const blankPlan = (): Blank => ({
  plan: {
    ...experimentSchema.parse({
      ...{ key: "new", name: "new" },
      variants: [{ key: "control" }, { key: "treatment" }],
      metrics: [{ key: "m", event: "e", role: "primary" }],
    }),
    ...{ key: "", name: "", metrics: [metricOf("primary")] },
  },
  variant: { ...variantSchema.parse({ key: "x" }), key: "" },
  metric: metricOf("secondary"),
});
