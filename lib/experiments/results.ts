import type { MetricPlan, Plan } from "#lib/contract/experiment-plans.ts";
import { pValuePhrase } from "#lib/format/share.ts";
import { type Posterior, type Prior, posterior } from "#lib/stats/bayes.ts";
import {
  cupedDifference,
  difference,
  type Effect,
  type Estimate,
  meanSample,
  proportionSample,
  ratioSample,
  type Sample,
  sequentialEstimate,
  tEstimate,
} from "#lib/stats/effect.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { benjaminiHochberg, holm, quantileDifference, sampleRatioMismatch } from "#lib/stats/ranks.ts";

/** Sums over a variant's subjects for one metric. `n` is of all who were exposed, also those that did nothing. */
export type VariantTotals = {
  n: number;
  sum: number;
  sumSquares: number;
  denominatorSum: number;
  denominatorSquares: number;
  denominatorProduct: number;
  preSum: number;
  preSquares: number;
  preProduct: number;
};

/** Of a variant and metric: its mean (or proportion, ratio, quantile) and how many it is of. */
export type Arm = { variant: string; n: number; mean: number };

/** Treatment against control. All effects are relative, as shares; `improvement` is the effect where up is better. */
export type Comparison = {
  variant: string;
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

function armOf(metric: MetricPlan, totals: VariantTotals): Sample {
  if (metric.kind === "proportion") return proportionSample({ successes: totals.sum, n: totals.n });
  if (metric.kind === "ratio")
    return ratioSample({
      ...totals,
      denominatorSumSquares: totals.denominatorSquares,
      sumProducts: totals.denominatorProduct,
    });
  return meanSample(totals);
}

type MeasuredEffect = { effect: Effect; method: string };

/** The relative effect of a treatment; by CUPED where there is data of the time before. */
function effectOf(metric: MetricPlan, a: VariantTotals, b: VariantTotals): MeasuredEffect | undefined {
  const [sa, sb] = [armOf(metric, a), armOf(metric, b)];
  if (a.n < 2 || b.n < 2 || !(Math.abs(sa.mean) > 0) || !Number.isFinite(sb.mean)) return undefined;
  const hasCovariate = a.preSquares + b.preSquares > 0 && (metric.kind === "mean" || metric.kind === "count");
  if (!hasCovariate) return { effect: difference(sa, sb, "relative"), method: "delta method" };
  const cuped = (t: VariantTotals) => ({ ...t, preSumSquares: t.preSquares, sumProducts: t.preProduct });
  return { effect: cupedDifference(cuped(a), cuped(b), "relative"), method: "CUPED" };
}

/** The interval and p of an effect by the plan's engine. */
function estimateBy(plan: Plan, effect: Effect, n: number): Estimate & { method: string } {
  if (plan.engine === "sequential")
    return { ...sequentialEstimate(effect, n, plan.alpha, plan.tuning), method: "confidence sequence" };
  return { ...tEstimate(effect, plan.alpha), method: "Welch t" };
}

/** What the plan believes of relative effects beforehand. */
export const priorOf = (plan: Plan): Prior => (plan.priorSd === null ? null : { mean: 0, variance: plan.priorSd ** 2 });

/** An effect turned so that above 0 is better. */
export function improvementOf(
  better: MetricPlan["better"],
  { effect, ci }: Pick<Comparison, "effect" | "ci">,
): Pick<Comparison, "improvement" | "improvementCi"> {
  return better === "up"
    ? { improvement: effect, improvementCi: ci }
    : { improvement: -effect, improvementCi: [-ci[1], -ci[0]] };
}

/** A comparison from an estimate and its posterior; under the Bayesian engine all but p is the posterior's. */
export function comparisonOf(
  variant: string,
  better: MetricPlan["better"],
  estimate: Estimate & { method: string },
  belief: Posterior,
  engine: Plan["engine"],
): Comparison {
  const { ci, effect, stderr } = engine === "bayes" ? belief : estimate;
  return {
    variant,
    effect,
    ci,
    p: estimate.p,
    adjustedP: estimate.p,
    stderr,
    method: engine === "bayes" ? `${estimate.method.replace("Welch t", "normal")} posterior` : estimate.method,
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
    const ready = effectOf(metric, control.totals, totals);
    if (!ready || !(ready.effect.stderr > 0)) return [];
    const estimate = estimateBy(plan, ready.effect, control.totals.n + totals.n);
    const belief = posterior(ready.effect, priorOf(plan), plan.alpha);
    const method = `${estimate.method}, ${ready.method}`;
    return [comparisonOf(key, metric.better, { ...estimate, method }, belief, plan.engine)];
  });
  const arms = variants.map(({ key, totals }) => ({ variant: key, n: totals.n, mean: armOf(metric, totals).mean }));
  return { ...metricInfo(metric), arms, comparisons };
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
    if (control.values.length < 10 || values.length < 10 || base === 0) return [];
    const { effect, ci, p, stderr } = quantileDifference(control.values, values, { q, alpha: plan.alpha });
    const share = (value: number) => value / Math.abs(base);
    const estimate = {
      effect: share(effect),
      ci: [share(ci[0]), share(ci[1])] as [number, number],
      p,
      stderr: share(stderr),
      method: "bootstrap",
    };
    if (!(estimate.stderr > 0)) return [];
    const belief = posterior(estimate, priorOf(plan), plan.alpha);
    return [comparisonOf(key, metric.better, estimate, belief, plan.engine)];
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
