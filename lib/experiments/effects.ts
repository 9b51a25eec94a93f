import type { EffectScale } from "#lib/contract/enums.ts";
import type { MetricPlan, Plan } from "#lib/contract/experiment-plans.ts";
import { normalQuantile } from "#lib/stats/distributions.ts";
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
  sequentialP,
  sequentialReach,
  tEstimate,
} from "#lib/stats/effect.ts";
import { type Count, scoreDifference } from "#lib/stats/proportions.ts";

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
  /** What values and denominators are less by: `sum` is of what is left. */
  shift?: number;
  denominatorShift?: number;
};

/**
 * An effect with its interval by the plan's engine. On the `relative` scale it is a share of the control's magnitude; where the control may as
 * well be 0 that says nothing, and it is the difference itself: of proportions in `points`, else `absolute`. `base` is what minimum effects
 * and margins, which are shares, are shares of.
 */
export type Measured = Estimate & { scale: EffectScale; base: number; method: string };

/** Fewer successes, or failures, than these, and Wald's interval of a proportion is not to be trusted. */
const SPARSE = 5;

/** A variant's sample of a metric. */
export function armOf(metric: MetricPlan, totals: VariantTotals): Sample {
  if (metric.kind === "proportion") return proportionSample({ successes: totals.sum, n: totals.n });
  if (metric.kind === "ratio")
    return ratioSample({
      ...totals,
      denominatorSumSquares: totals.denominatorSquares,
      sumProducts: totals.denominatorProduct,
    });
  return meanSample(totals);
}

/** Whether the interval of a mean holds 0: a share of it could be a share of anything. */
export const holdsZero = (mean: number, stderr: number, alpha: number): boolean =>
  !(Math.abs(mean) > normalQuantile(1 - alpha / 2) * stderr) || mean === 0;

/** What a share of a control that may be 0 is a share of: the spread of both arms, or else the larger mean. */
function spreadOf(a: Sample, b: Sample): number {
  const variance = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / (a.n + b.n - 2);
  return variance > 0 ? Math.sqrt(variance) : Math.max(Math.abs(a.mean), Math.abs(b.mean));
}

/** The interval and p of an effect by the plan's engine, of n subjects. */
function estimateBy(plan: Plan, effect: Effect, n: number): Estimate & { method: string } {
  if (effect.stderr === 0) return { ...tEstimate(effect, plan.alpha), method: "no variance" };
  if (plan.engine === "sequential")
    return { ...sequentialEstimate(effect, n, plan.alpha, plan.tuning), method: "confidence sequence" };
  return { ...tEstimate(effect, plan.alpha), method: "Welch t" };
}

const isSparse = ({ successes, n }: Count): boolean => Math.min(successes, n - successes) < SPARSE;

/** Proportions of few successes or failures, by the score method. */
function measureSparse(plan: Plan, a: Count, b: Count): Measured {
  const { alpha, engine, tuning } = plan;
  const n = a.n + b.n;
  const sequential = engine === "sequential";
  const reach = sequential ? sequentialReach(n, alpha, tuning) : normalQuantile(1 - alpha / 2);
  const { z, ...found } = scoreDifference(a, b, reach);
  const control = proportionSample(a);
  return {
    ...found,
    p: sequential ? sequentialP(z, n, alpha, tuning) : found.p,
    scale: "points",
    base: holdsZero(control.mean, Math.sqrt(control.variance / a.n), alpha) ? 1 : control.mean,
    method: sequential ? "confidence sequence, score" : "score",
  };
}

/**
 * Of the two differences of an effect the one that says something: relative, unless the control may as well be 0, or the treatment is always 0: then
 * the relative one has no error by the delta method, which is not true of the difference.
 */
export const isRelative = (
  { relative, absolute }: { relative: Effect; absolute: Effect },
  control: Sample,
  alpha: number,
): boolean =>
  !holdsZero(control.mean, Math.sqrt(control.variance / control.n), alpha) &&
  (relative.stderr > 0 || absolute.stderr === 0);

type Differences = { relative: Effect; absolute: Effect; method: string };

/** Both differences of a treatment; by CUPED where there is data of the time before. */
function differencesOf(metric: MetricPlan, a: VariantTotals, b: VariantTotals): Differences {
  const hasCovariate = a.preSquares + b.preSquares > 0 && (metric.kind === "mean" || metric.kind === "count");
  if (!hasCovariate) {
    const [sa, sb] = [armOf(metric, a), armOf(metric, b)];
    const by = (scale: "relative" | "absolute") => difference(sa, sb, scale);
    return { relative: by("relative"), absolute: by("absolute"), method: "delta method" };
  }
  const cuped = (t: VariantTotals) => ({ ...t, preSumSquares: t.preSquares, sumProducts: t.preProduct });
  const by = (scale: "relative" | "absolute") => cupedDifference(cuped(a), cuped(b), scale);
  return { relative: by("relative"), absolute: by("absolute"), method: "CUPED" };
}

/** The effect of a treatment b on a metric, against the control a; undefined where an arm has less than two subjects. */
export function measure(plan: Plan, metric: MetricPlan, a: VariantTotals, b: VariantTotals): Measured | undefined {
  if (a.n < 2 || b.n < 2) return undefined;
  const [control, treatment] = [armOf(metric, a), armOf(metric, b)];
  if (!Number.isFinite(control.mean) || !Number.isFinite(treatment.mean)) return undefined;
  if (metric.kind === "proportion") {
    const [ca, cb] = [a, b].map(({ sum, n }) => ({ successes: sum, n })) as [Count, Count];
    if (isSparse(ca) || isSparse(cb)) return measureSparse(plan, ca, cb);
  }
  const differences = differencesOf(metric, a, b);
  const { relative, absolute, method } = differences;
  const atZero = holdsZero(control.mean, Math.sqrt(control.variance / control.n), plan.alpha);
  const useRelative = isRelative(differences, control, plan.alpha);
  const measured = useRelative ? relative : absolute;
  const estimate = estimateBy(plan, measured, a.n + b.n);
  return {
    ...estimate,
    ...(useRelative
      ? { scale: "relative", base: 1 }
      : {
          scale: metric.kind === "proportion" ? "points" : "absolute",
          base: !atZero ? Math.abs(control.mean) : metric.kind === "proportion" ? 1 : spreadOf(control, treatment),
        }),
    method: `${estimate.method}, ${useRelative || method === "CUPED" ? method : "difference"}`,
  };
}
