import type { MetricPlan, Plan } from "#lib/contract/experiment-plans.ts";
import { holdsZero, isRelative } from "#lib/experiments/effects.ts";
import {
  type Arm,
  asShare,
  type Comparison,
  comparisonOf,
  type MetricResult,
  systemResult,
} from "#lib/experiments/results.ts";
import { beforeAfter } from "#lib/stats/before-after.ts";
import { difference, type Effect, type Estimate, meanSample, tEstimate } from "#lib/stats/effect.ts";
import { mean } from "#lib/stats/quantile.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** [ms, value] in order of time. */
type Points = readonly (readonly [number, number])[];

const values = (points: Points) => points.map(([, value]) => value);

/** Means over hosts of one variant at each step that any of them has. */
export function acrossHosts(hosts: Points[]): [number, number][] {
  const steps = Map.groupBy(hosts.flat(), ([at]) => at);
  return [...steps].map(([at, own]): [number, number] => [at, mean(values(own))]).sort(([a], [b]) => a - b);
}

/** A change measured against a base, whose standard error is `baseError`, as a comparison. */
function fromChange(
  plan: Plan,
  metric: MetricPlan,
  variant: string,
  base: { mean: number; stderr: number },
  change: Estimate & { method: string },
): Comparison[] {
  const atZero = holdsZero(base.mean, base.stderr, plan.alpha);
  return [comparisonOf(plan, variant, metric.better, asShare(change, base.mean, atZero))];
}

type Hosts = { variant: string; points: Points };

/** Canary against baseline: how the difference between the two groups changed at the start (difference in differences). */
export function hostsResult(
  plan: Plan,
  metric: MetricPlan,
  [control, treatment]: [Hosts, Hosts],
  startedAt: number,
): MetricResult {
  const base = new Map(control.points.map(([at, value]) => [at, value]));
  const apart = treatment.points.flatMap(([at, value]): [number, number][] => {
    const other = base.get(at);
    return other === undefined ? [] : [[at, value - other]];
  });
  const before = apart.filter(([at]) => at < startedAt);
  const after = apart.filter(([at]) => at >= startedAt);
  const change = beforeAfter(before, after, { at: startedAt, alpha: plan.alpha });
  const since = ({ variant, points }: Hosts): Arm => {
    const own = values(points.filter(([at]) => at >= startedAt));
    return { variant, n: own.length, mean: own.length > 0 ? mean(own) : 0 };
  };
  const arms = [since(control), since(treatment)];
  const comparisons = change
    ? fromChange(
        plan,
        metric,
        treatment.variant,
        { mean: arms[0]?.mean ?? 0, stderr: change.stderr },
        { ...change, method: "difference in differences" },
      )
    : [];
  return systemResult(metric, arms, comparisons);
}

/** Before and after the start, against what the seasons let expect. */
export function beforeAfterResult(
  plan: Plan,
  metric: MetricPlan,
  variants: [string, string],
  points: Points,
  startedAt: number,
): MetricResult {
  const [before, after] = [points.filter(([at]) => at < startedAt), points.filter(([at]) => at >= startedAt)];
  const change = beforeAfter(before, after, { at: startedAt, alpha: plan.alpha });
  const expected = change ? change.counterfactual : before.length > 0 ? mean(values(before)) : 0;
  const arms = [
    { variant: variants[0], n: before.length, mean: expected },
    { variant: variants[1], n: after.length, mean: after.length > 0 ? mean(values(after)) : 0 },
  ];
  const comparisons = change
    ? fromChange(
        plan,
        metric,
        variants[1],
        { mean: expected, stderr: change.stderr },
        { ...change, method: `interrupted time series, season: ${change.season}` },
      )
    : [];
  return systemResult(metric, arms, comparisons);
}

/** Switchback: means of the periods of each variant, by Welch's t; the first tenth of each period is left to settle. */
export function switchbackResult(
  plan: Plan,
  metric: MetricPlan,
  variants: [string, string],
  points: Points,
  variantAt: (at: number) => string | null,
  startedAt: number,
): MetricResult {
  const periodMs = plan.periodMinutes * MINUTE_MS;
  const settled = points.filter(([at]) => at >= startedAt && ((at - startedAt) % periodMs) / periodMs >= 0.1);
  const periods = Map.groupBy(settled, ([at]) => Math.floor((at - startedAt) / periodMs));
  const means = variants.map((variant) =>
    [...periods].filter(([, own]) => variantAt(own[0]?.[0] ?? 0) === variant).map(([, own]) => mean(values(own))),
  );
  const totals = means.map((own) => ({
    n: own.length,
    sum: own.reduce((sum, value) => sum + value, 0),
    sumSquares: own.reduce((sum, value) => sum + value * value, 0),
  }));
  const arms = variants.map((variant, n) => {
    const { n: count, sum } = totals[n] as (typeof totals)[number];
    return { variant, n: count, mean: count > 0 ? sum / count : 0 };
  });
  const [a, b] = totals.map(meanSample);
  if (!a || !b || a.n < 3 || b.n < 3) return systemResult(metric, arms, []);
  const differences = { relative: difference(a, b, "relative"), absolute: difference(a, b, "absolute") };
  const estimate = (effect: Effect) => ({ ...tEstimate(effect, plan.alpha), method: "Welch t over periods" });
  const comparisons = isRelative(differences, a, plan.alpha)
    ? [
        comparisonOf(plan, variants[1], metric.better, {
          ...estimate(differences.relative),
          scale: "relative",
          base: 1,
        }),
      ]
    : fromChange(
        plan,
        metric,
        variants[1],
        { mean: a.mean, stderr: Math.sqrt(a.variance / a.n) },
        estimate(differences.absolute),
      );
  return systemResult(metric, arms, comparisons);
}
