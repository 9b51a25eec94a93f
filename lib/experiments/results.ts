import type { MetricPlan, Plan } from "#lib/contract/experiment-plans.ts";
import { armOf, type Measured, measure, type VariantTotals } from "#lib/experiments/effects.ts";
import { pValuePhrase } from "#lib/format/share.ts";
import { type Posterior, type Prior, posterior } from "#lib/stats/bayes.ts";
import type { Estimate } from "#lib/stats/effect.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { benjaminiHochberg, holm, quantileDifference, sampleRatioMismatch } from "#lib/stats/ranks.ts";

/** Of a variant and metric: its mean (or proportion, ratio, quantile) and how many it is of. */
export type Arm = { variant: string; n: number; mean: number };

/** Treatment against control, on a scale as `Measured` has it; `improvement` is the effect where up is better. */
export type Comparison = {
  variant: string;
  scale: Measured["scale"];
  base: number;
  effect: number;
  ci: [number, number];
  p: number;
  adjustedP: number;
  stderr: number;
  method: string;
  chanceToWin: number;
  risk: [number, number];
  posteriorCi: [number, number];
  improvement: number;
  improvementCi: [number, number];
};

export type MetricResult = {
  key: string;
  name: string;
  role: MetricPlan["role"];
  category: MetricPlan["category"];
  better: MetricPlan["better"];
  minEffect: number;
  margin: number;
  unit?: string | undefined;
  arms: Arm[];
  comparisons: Comparison[];
};

/** What the plan believes of relative effects beforehand, on the scale of a measured one. */
const priorOf = (plan: Plan, base = 1): Prior =>
  plan.priorSd === null || base === 0 ? null : { mean: 0, variance: (plan.priorSd * base) ** 2 };

/** An effect turned so that above 0 is better. */
export function improvementOf(
  better: MetricPlan["better"],
  { effect, ci }: Pick<Comparison, "effect" | "ci">,
): Pick<Comparison, "improvement" | "improvementCi"> {
  return better === "up"
    ? { improvement: effect, improvementCi: ci }
    : { improvement: -effect, improvementCi: [-ci[1], -ci[0]] };
}

/** A comparison from what was measured and its posterior; under the Bayesian engine all but p is the posterior's. */
export function comparisonOf(
  plan: Plan,
  variant: string,
  better: MetricPlan["better"],
  measured: Measured,
): Comparison {
  const belief = posterior(measured, priorOf(plan, measured.base), plan.alpha);
  const bayes = plan.engine === "bayes";
  const { ci, effect, stderr }: Posterior | Measured = bayes ? belief : measured;
  return {
    variant,
    scale: measured.scale,
    base: measured.base,
    effect,
    ci,
    p: measured.p,
    adjustedP: measured.p,
    stderr,
    method: bayes ? `${measured.method.replace("Welch t", "normal")} posterior` : measured.method,
    chanceToWin: better === "up" ? belief.chanceToWin : 1 - belief.chanceToWin,
    risk: better === "up" ? belief.risk : [belief.risk[1], belief.risk[0]],
    posteriorCi: belief.ci,
    ...improvementOf(better, { effect, ci }),
  };
}

const metricInfo = ({ key, name, role, category, better, minEffect, margin }: MetricPlan) => ({
  key,
  name: name || key,
  role,
  category,
  better,
  minEffect,
  margin,
});

/** Results of a metric of subjects: the variants in the order of the plan, control first. */
export function metricResult(
  plan: Plan,
  metric: MetricPlan,
  variants: { key: string; totals: VariantTotals }[],
): MetricResult {
  const [control, ...treatments] = variants as [{ key: string; totals: VariantTotals }];
  const comparisons = (treatments as typeof variants).flatMap(({ key, totals }) => {
    const measured = measure(plan, metric, control.totals, totals);
    return measured ? [comparisonOf(plan, key, metric.better, measured)] : [];
  });
  const arms = variants.map(({ key, totals }) => ({ variant: key, n: totals.n, mean: armOf(metric, totals).mean }));
  return { ...metricInfo(metric), arms, comparisons };
}

/** A difference as a share of a base; as it is where the base may as well be 0. `spread` is what shares are of then. */
export function asShare(
  change: Estimate & { method: string },
  base: number,
  atZero: boolean,
  spread = Math.abs(change.effect),
): Measured {
  if (atZero) return { ...change, scale: "absolute", base: spread };
  const share = (value: number) => value / Math.abs(base);
  const { effect, ci, p, stderr, method } = change;
  return {
    effect: share(effect),
    ci: [share(ci[0]), share(ci[1])],
    p,
    stderr: share(stderr),
    method,
    scale: "relative",
    base: 1,
  };
}

/** Results of a quantile of single events, by bootstrap. */
export function quantileResult(
  plan: Plan,
  metric: MetricPlan,
  variants: { key: string; values: number[] }[],
): MetricResult {
  const [control, ...treatments] = variants as [{ key: string; values: number[] }];
  const q = metric.quantile ?? 0.5;
  const level = (values: number[]) => (values.length > 0 ? quantile(values, q) : 0);
  const base = level(control.values);
  const comparisons = (treatments as typeof variants).flatMap(({ key, values }) => {
    if (control.values.length < 10 || values.length < 10) return [];
    const { effect, ci, p, stderr } = quantileDifference(control.values, values, { q, alpha: plan.alpha });
    const method = "bootstrap";
    return [comparisonOf(plan, key, metric.better, asShare({ effect, ci, p, stderr, method }, base, base === 0))];
  });
  const arms = variants.map(({ key, values }) => ({ variant: key, n: values.length, mean: level(values) }));
  return { ...metricInfo(metric), arms, comparisons };
}

/** A metric of hosts, whose comparison was made from their series. */
export const systemResult = (metric: MetricPlan, arms: Arm[], comparisons: Comparison[]): MetricResult => ({
  ...metricInfo(metric),
  arms,
  comparisons,
});

/** Gives the p-values of all metrics but the primary their correction for many looks; guardrails keep their own. */
export function corrected(plan: Plan, metrics: MetricResult[]): MetricResult[] {
  const secondary = metrics.filter(({ role }) => role === "secondary").flatMap(({ comparisons }) => comparisons);
  if (plan.correction === "none" || secondary.length === 0) return metrics;
  const adjust = plan.correction === "holm" ? holm : benjaminiHochberg;
  const adjusted = new Map(adjust(secondary.map(({ p }) => p)).map((p, n) => [secondary[n], p]));
  return metrics.map((metric) => ({
    ...metric,
    comparisons: metric.comparisons.map((comparison) => ({
      ...comparison,
      adjustedP: adjusted.get(comparison) ?? comparison.p,
    })),
  }));
}

/** What makes results doubtful. */
export type Quality = { srm: number; mixed: number; warnings: string[] };

/** A split that far from its weights is broken; at this level a healthy one is called so once in a thousand looks. */
export const SRM_ALPHA = 0.001;

/** Whether the data can be judged: the p-value of the split (sample ratio mismatch), how many subjects met several variants, and warnings. */
export function qualityOf(arms: { n: number; weight: number }[], mixed: number): Quality {
  const usable = arms.filter(({ weight }) => weight > 0);
  const { p } = sampleRatioMismatch(
    usable.map(({ n }) => n),
    usable.map(({ weight }) => weight),
  );
  const total = arms.reduce((sum, { n }) => sum + n, 0);
  const warnings = [
    ...(p < SRM_ALPHA
      ? [
          `Sample ratio mismatch: the split of subjects does not match the weights (${pValuePhrase(p)}). Find out where subjects are lost before you trust any result`,
        ]
      : []),
    ...(total > 0 && mixed / total > 0.01
      ? [
          `Multiple exposures: ${mixed} name another variant than the subject's first. Check that assignments are stable`,
        ]
      : []),
  ];
  return { srm: p, mixed, warnings };
}
