import type { VerdictDecision } from "#lib/contract/enums.ts";
import type { Plan, VerdictRule } from "#lib/contract/experiment-plans.ts";
import { type Comparison, type MetricResult, type Quality, SRM_ALPHA } from "#lib/experiments/results.ts";
import { sharesBetween, signedShare } from "#lib/format/share.ts";
import { normalSf } from "#lib/stats/distributions.ts";

type Figure = { value: number; interval: [number, number]; how: string } | null;

/** The record of an experiment: improvements are shares, better is above 0. */
type ExperimentRecord = {
  efficiency_improvement: Figure;
  quality_improvement: Figure;
  performance_impact: Figure;
  success_probability: Figure;
};

/** `rule` is what decided, for the stop rules; `canary` 0 to 100, below 50 do not go on. */
export type Judgement = {
  decision: VerdictDecision;
  rule: VerdictRule;
  variant: string | null;
  reasons: string[];
  record: ExperimentRecord;
  canary: number;
  daysLeft: number | null;
};

export type Situation = {
  plan: Plan;
  metrics: MetricResult[];
  quality: Quality;
  /** The size of the smallest variant, and the minimum: of subjects, or of samples of hosts. */
  fewest: number;
  required: number;
  counted: "subjects" | "samples";
  runningDays: number;
};

type MetricComparison = { metric: MetricResult; comparison: Comparison };

const comparisonsOf = (metrics: MetricResult[], variant: string, role?: MetricResult["role"]): MetricComparison[] =>
  metrics
    .filter((metric) => !role || metric.role === role)
    .flatMap((metric) =>
      metric.comparisons
        .filter((comparison) => comparison.variant === variant)
        .map((comparison) => ({ metric, comparison })),
    );

/** How likely a normal effect's improvement lies above a share, were it so many standard errors higher. */
const chanceAbove = (comparison: Comparison, share: number, shift = 0): number =>
  comparison.stderr > 0
    ? normalSf((share - comparison.improvement) / comparison.stderr - shift)
    : Number(comparison.improvement > share);

/** The mean of improvements weighted by how sure they are, with its interval at the plan's level. */
function pooled(parts: MetricComparison[], alpha: number): Figure {
  const usable = parts.filter(({ comparison }) => comparison.stderr > 0);
  if (usable.length === 0) return null;
  const weights = usable.map(({ comparison }) => 1 / comparison.stderr ** 2);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const weighted = (pick: (comparison: Comparison) => number) =>
    usable.reduce((sum, { comparison }, n) => sum + pick(comparison) * (weights[n] as number), 0) / whole;
  const names = usable.map(({ metric }) => metric.name).join(", ");
  // Metrics of the same subjects move together: the interval is as wide as theirs are, not as that of so many independent ones.
  return {
    value: weighted(({ improvement }) => improvement),
    interval: [weighted(({ improvementCi }) => improvementCi[0]), weighted(({ improvementCi }) => improvementCi[1])],
    how: `inverse-variance mean of the relative improvements of ${names}; ${levelText(alpha)} interval, the weighted mean of theirs`,
  };
}

/** The level of an interval: 95 %. */
export const levelText = (alpha: number): string => `${Number((100 * (1 - alpha)).toFixed(2))} %`;

function recordOf({ plan, metrics }: Situation, variant: string): ExperimentRecord {
  const category = (name: MetricResult["category"]) =>
    pooled(
      comparisonsOf(metrics, variant).filter(({ metric }) => metric.category === name),
      plan.alpha,
    );
  const primaries = comparisonsOf(metrics, variant, "primary");
  return {
    efficiency_improvement: category("efficiency"),
    quality_improvement: category("quality"),
    performance_impact: category("performance"),
    success_probability:
      primaries.length > 0
        ? {
            value: successOf(metrics, variant),
            interval: [successOf(metrics, variant, -1), successOf(metrics, variant, 1)],
            how: "chance that every primary metric improves by its minimum effect and no guardrail loses its margin, as if they were independent; the interval is what it would be with each effect a standard error lower or higher",
          }
        : null,
  };
}

/** How likely a variant is a success, were each effect so many standard errors higher. */
function successOf(metrics: MetricResult[], variant: string, shift = 0): number {
  const primary = comparisonsOf(metrics, variant, "primary").map(({ metric, comparison }) =>
    chanceAbove(comparison, metric.minEffect, shift),
  );
  const guarded = comparisonsOf(metrics, variant, "guardrail").map(({ metric, comparison }) =>
    chanceAbove(comparison, -metric.margin),
  );
  return [...primary, ...guarded].reduce((product, chance) => product * chance, primary.length > 0 ? 1 : 0);
}

/** 0 to 100: the chance that nothing is worse than it may be, primary metrics twice; 0 once harm is sure. */
function canaryScore(metrics: MetricResult[], variant: string): number {
  const all = comparisonsOf(metrics, variant);
  if (all.length === 0) return 50;
  if (harms(metrics, variant).length > 0) return 0;
  const weighted = all.map(({ metric, comparison }) => ({
    weight: metric.role === "primary" ? 2 : 1,
    chance: chanceAbove(comparison, -metric.margin),
  }));
  const whole = weighted.reduce((sum, { weight }) => sum + weight, 0);
  return Math.round((100 * weighted.reduce((sum, { weight, chance }) => sum + weight * chance, 0)) / whole);
}

function harms(metrics: MetricResult[], variant: string): string[] {
  const guards = comparisonsOf(metrics, variant, "guardrail")
    .filter(({ metric, comparison }) => comparison.improvementCi[1] < -metric.margin)
    .map(
      ({ metric, comparison }) =>
        `${metric.name} is worse than its margin of ${signedShare(-metric.margin)} (${sharesBetween(comparison.improvementCi)})`,
    );
  const primaries = comparisonsOf(metrics, variant, "primary")
    .filter(({ comparison }) => comparison.improvementCi[1] < 0)
    .map(
      ({ metric, comparison }) =>
        `${metric.name} gets worse by ${signedShare(comparison.improvement)} (${sharesBetween(comparison.improvementCi)})`,
    );
  return [...guards, ...primaries];
}

const wins = ({ metric, comparison }: MetricComparison): boolean =>
  comparison.improvementCi[0] > 0 && comparison.improvement >= metric.minEffect;

const isSafe = ({ metric, comparison }: MetricComparison): boolean => comparison.improvementCi[0] > -metric.margin;

/** Names of the metrics that must be measured before anything is shipped, and are not. */
const unmeasured = (metrics: MetricResult[]): string[] =>
  metrics.filter(({ role, comparisons }) => role !== "secondary" && comparisons.length === 0).map(({ name }) => name);

/** Why a variant may be shipped; empty where it may not yet. */
function reasonsToShip(metrics: MetricResult[], variant: string): string[] {
  const primaries = comparisonsOf(metrics, variant, "primary");
  const guards = comparisonsOf(metrics, variant, "guardrail");
  if (primaries.length === 0 || !primaries.every(wins) || !guards.every(isSafe) || unmeasured(metrics).length > 0)
    return [];
  return [
    ...primaries.map(
      ({ metric, comparison }) =>
        `${metric.name} improves by ${signedShare(comparison.improvement)} (${sharesBetween(comparison.improvementCi)})`,
    ),
    ...guards.map(
      ({ metric, comparison }) =>
        `${metric.name} stays within its margin of ${signedShare(-metric.margin)} (${sharesBetween(comparison.improvementCi)})`,
    ),
  ];
}

function futile(metrics: MetricResult[], variant: string): string[] {
  return comparisonsOf(metrics, variant, "primary")
    .filter(({ metric, comparison }) => metric.minEffect > 0 && comparison.improvementCi[1] < metric.minEffect)
    .map(
      ({ metric, comparison }) =>
        `${metric.name} cannot reach its minimum effect of ${signedShare(metric.minEffect)} (${sharesBetween(comparison.improvementCi)})`,
    );
}

/** Days until the primary metric's interval would be as narrow as its minimum effect, at the present pace; null where that is far or unknown. */
function daysLeft({ metrics, runningDays }: Situation, variant: string): number | null {
  const [primary] = comparisonsOf(metrics, variant, "primary");
  if (!primary || runningDays <= 0) return null;
  const wanted = Math.max(primary.metric.minEffect, Math.abs(primary.comparison.improvement), 1e-9);
  const half = (primary.comparison.ci[1] - primary.comparison.ci[0]) / 2;
  const factor = (half / wanted) ** 2;
  const days = runningDays * (factor - 1);
  return Number.isFinite(days) && days < 3_650 ? Math.max(0, days) : null;
}

const NAMES: Record<VerdictDecision, string> = {
  ship: "ship",
  roll_back: "roll back",
  keep_running: "keep running",
  inconclusive: "inconclusive",
};

/** A decision in words: roll back. */
export const decisionName = (decision: VerdictDecision): string => NAMES[decision];

/** The treatment that is nearest to success. */
function bestVariant(metrics: MetricResult[]): string | null {
  const variants = [...new Set(metrics.flatMap(({ comparisons }) => comparisons.map(({ variant }) => variant)))];
  return variants.reduce<string | null>(
    (best, candidate) => (best === null || successOf(metrics, candidate) > successOf(metrics, best) ? candidate : best),
    null,
  );
}

/** What to do with the best treatment, and why in plain words. Nothing is concluded of a broken split, or of too few. */
export function judge(situation: Situation): Judgement {
  const { plan, metrics, quality, fewest, required, counted, runningDays } = situation;
  const variant = bestVariant(metrics);
  const base = {
    variant,
    record: recordOf(situation, variant ?? ""),
    canary: variant ? canaryScore(metrics, variant) : 50,
    daysLeft: variant ? daysLeft(situation, variant) : null,
  };
  if (quality.warnings.length > 0 && quality.srm < SRM_ALPHA)
    return { ...base, decision: "inconclusive", rule: "broken", reasons: quality.warnings };
  if (!variant || fewest < required)
    return {
      ...base,
      decision: "keep_running",
      rule: "early",
      reasons: [
        `Not enough data yet: ${Math.floor(fewest)} of at least ${required} ${counted} in the smallest variant`,
      ],
    };
  const harmed = harms(metrics, variant);
  if (harmed.length > 0) return { ...base, decision: "roll_back", rule: "harm", reasons: harmed };
  const won = reasonsToShip(metrics, variant);
  if (won.length > 0) return { ...base, decision: "ship", rule: "success", reasons: won };
  const lost = futile(metrics, variant);
  if (lost.length > 0) return { ...base, decision: "inconclusive", rule: "futility", reasons: lost };
  if (runningDays >= plan.maxDays)
    return {
      ...base,
      decision: "inconclusive",
      rule: "duration",
      reasons: [`The maximum duration of ${plan.maxDays} days is over without a significant result`],
    };
  return { ...base, decision: "keep_running", rule: "open", reasons: undecided(metrics, variant) };
}

/** What is missing to a conclusion. */
function undecided(metrics: MetricResult[], variant: string): string[] {
  const primaries = comparisonsOf(metrics, variant, "primary").filter((outcome) => !wins(outcome));
  const guards = comparisonsOf(metrics, variant, "guardrail").filter((outcome) => !isSafe(outcome));
  return [
    ...primaries.map(({ metric, comparison }) => {
      const { improvement, improvementCi } = comparison;
      return improvementCi[0] > 0
        ? `${metric.name} improves by ${signedShare(improvement)}, below its minimum effect of ${signedShare(metric.minEffect)}`
        : `${metric.name} is not significant yet (${sharesBetween(improvementCi)})`;
    }),
    ...guards.map(
      ({ metric, comparison }) =>
        `${metric.name} may be worse than its margin of ${signedShare(-metric.margin)} (${sharesBetween(comparison.improvementCi)})`,
    ),
    ...unmeasured(metrics).map((name) => `${name} has no results yet`),
  ];
}
