import type { VerdictDecision } from "#lib/contract/enums.ts";
import type { VerdictRule } from "#lib/contract/experiment-names.ts";
import type { Plan } from "#lib/contract/experiment-plans.ts";
import { type Comparison, type MetricResult, type Quality, SRM_ALPHA } from "#lib/experiments/results.ts";
import { effectsBetween, signedEffect, signedShare } from "#lib/format/share.ts";
import { normalSf } from "#lib/stats/distributions.ts";

type Figure = { value: number; interval: [number, number]; how: string } | null;

/** The record of an experiment: improvements are shares, better is above 0. */
type ExperimentRecord = {
  efficiency_improvement: Figure;
  quality_improvement: Figure;
  performance_impact: Figure;
  success_probability: Figure;
};

/** What is concluded of one treatment. */
type ArmVerdict = { variant: string; decision: VerdictDecision; rule: VerdictRule; reasons: string[] };

/**
 * `rule` is what decided, for the stop rules; `variant` is of which treatment, and `arms` is what is concluded of each. `canary` is 0 to 100, of
 * the treatment that fares worst, below 50 do not go on; null while nothing is known.
 */
export type Judgement = {
  decision: VerdictDecision;
  rule: VerdictRule;
  variant: string | null;
  reasons: string[];
  arms: ArmVerdict[];
  record: ExperimentRecord;
  canary: number | null;
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

/** How likely a normal effect's improvement lies above a share of its base, were it so many standard errors higher. */
function chanceAbove({ improvement, stderr, base }: Comparison, share: number, shift = 0): number {
  const least = share * base;
  if (stderr > 0) return normalSf((least - improvement) / stderr - shift);
  // Known without an error: as good as before is no loss, and no gain.
  return Number(improvement > least || (improvement === least && share <= 0));
}

/** An improvement in the words of its scale, and with its interval. */
const improvementText = ({ metric: { unit }, comparison: { scale, improvement } }: MetricComparison): string =>
  signedEffect(improvement, { scale, unit });
const intervalText = ({ metric: { unit }, comparison: { scale, improvementCi } }: MetricComparison): string =>
  effectsBetween(improvementCi, { scale, unit });

/** The standard error of what is known without one, so that it can be weighed. */
const TINY = 1e-9;

/** The mean of relative improvements weighted by how sure they are, with its interval at the plan's level. */
function pooled(parts: MetricComparison[], alpha: number): Figure {
  const usable = parts.filter(({ comparison }) => comparison.scale === "relative");
  if (usable.length === 0) return null;
  const weights = usable.map(({ comparison }) => 1 / Math.max(comparison.stderr, TINY) ** 2);
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

/** 0 to 100: the chance that nothing is worse than it may be, primary metrics twice; 0 once harm is sure, null where nothing is known. */
function canaryScore(metrics: MetricResult[], variant: string): number | null {
  const all = comparisonsOf(metrics, variant);
  if (all.length === 0) return null;
  if (harms(metrics, variant).length > 0) return 0;
  const weighted = all.map(({ metric, comparison }) => ({
    weight: metric.role === "primary" ? 2 : 1,
    chance: chanceAbove(comparison, -metric.margin),
  }));
  const whole = weighted.reduce((sum, { weight }) => sum + weight, 0);
  return Math.round((100 * weighted.reduce((sum, { weight, chance }) => sum + weight * chance, 0)) / whole);
}

/** Of the treatment that fares worst: a canary that sends some of its traffic to a bad one does not go on. */
function worstCanary(metrics: MetricResult[], variants: string[]): number | null {
  const scores = variants.map((variant) => canaryScore(metrics, variant)).filter((score) => score !== null);
  return scores.length > 0 ? Math.min(...scores) : null;
}

function harms(metrics: MetricResult[], variant: string): string[] {
  const guards = comparisonsOf(metrics, variant, "guardrail")
    .filter(({ metric, comparison }) => comparison.improvementCi[1] < -metric.margin * comparison.base)
    .map(
      (outcome) =>
        `${outcome.metric.name} is worse than its margin of ${signedShare(-outcome.metric.margin)} (${intervalText(outcome)})`,
    );
  const primaries = comparisonsOf(metrics, variant, "primary")
    .filter(({ comparison }) => comparison.improvementCi[1] < 0)
    .map((outcome) => `${outcome.metric.name} gets worse by ${improvementText(outcome)} (${intervalText(outcome)})`);
  return [...guards, ...primaries];
}

const wins = ({ metric, comparison }: MetricComparison): boolean =>
  comparison.improvementCi[0] > 0 && comparison.improvement >= metric.minEffect * comparison.base;

const isSafe = ({ metric, comparison }: MetricComparison): boolean =>
  comparison.improvementCi[0] > -metric.margin * comparison.base || comparison.improvementCi[0] >= 0;

/** Names of the metrics that must be measured for a variant before it is shipped, and are not. */
const unmeasured = (metrics: MetricResult[], variant: string): string[] =>
  metrics
    .filter(
      ({ role, comparisons }) =>
        role !== "secondary" && !comparisons.some((comparison) => comparison.variant === variant),
    )
    .map(({ name }) => name);

/** Why a variant may be shipped; empty where it may not yet. */
function reasonsToShip(metrics: MetricResult[], variant: string): string[] {
  const primaries = comparisonsOf(metrics, variant, "primary");
  const guards = comparisonsOf(metrics, variant, "guardrail");
  const isMeasured = primaries.length > 0 && unmeasured(metrics, variant).length === 0;
  if (!isMeasured || !primaries.every(wins) || !guards.every(isSafe)) return [];
  return [
    ...primaries.map(
      (outcome) => `${outcome.metric.name} improves by ${improvementText(outcome)} (${intervalText(outcome)})`,
    ),
    ...guards.map(
      (outcome) =>
        `${outcome.metric.name} stays within its margin of ${signedShare(-outcome.metric.margin)} (${intervalText(outcome)})`,
    ),
  ];
}

function futile(metrics: MetricResult[], variant: string): string[] {
  return comparisonsOf(metrics, variant, "primary")
    .filter(
      ({ metric, comparison }) =>
        metric.minEffect > 0 && comparison.improvementCi[1] < metric.minEffect * comparison.base,
    )
    .map(
      (outcome) =>
        `${outcome.metric.name} cannot reach its minimum effect of ${signedShare(outcome.metric.minEffect)} (${intervalText(outcome)})`,
    );
}

/** Days until the primary metric's interval would be as narrow as its minimum effect, at the present pace; null where that is far or unknown. */
function daysLeft({ metrics, runningDays }: Situation, variant: string): number | null {
  const [primary] = comparisonsOf(metrics, variant, "primary");
  if (!primary || runningDays <= 0) return null;
  const { minEffect } = primary.metric;
  const wanted = Math.max(minEffect * primary.comparison.base, Math.abs(primary.comparison.improvement), 1e-9);
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
const bestOf = (metrics: MetricResult[], variants: string[]): string | undefined =>
  variants.reduce<string | undefined>(
    (best, candidate) =>
      best === undefined || successOf(metrics, candidate) > successOf(metrics, best) ? candidate : best,
    undefined,
  );

/** All treatments of which anything was measured, in the order of the plan. */
const treatmentsOf = (metrics: MetricResult[]): string[] => [
  ...new Set(metrics.flatMap(({ comparisons }) => comparisons.map(({ variant }) => variant))),
];

/** What is to be done about one treatment. */
function judgeArm({ plan, metrics, runningDays }: Situation, variant: string): ArmVerdict {
  const harmed = harms(metrics, variant);
  if (harmed.length > 0) return { variant, decision: "roll_back", rule: "harm", reasons: harmed };
  const won = reasonsToShip(metrics, variant);
  if (won.length > 0) return { variant, decision: "ship", rule: "success", reasons: won };
  const lost = futile(metrics, variant);
  if (lost.length > 0) return { variant, decision: "inconclusive", rule: "futility", reasons: lost };
  if (runningDays >= plan.maxDays) {
    const reason = `The maximum duration of ${plan.maxDays} days is over without a significant result`;
    return { variant, decision: "inconclusive", rule: "duration", reasons: [reason] };
  }
  return { variant, decision: "keep_running", rule: "open", reasons: undecided(metrics, variant) };
}

/** What decides of several treatments: harm to whoever gets any of them first, then success, then what is still open. */
const ORDER: VerdictRule[] = ["harm", "success", "open", "duration", "futility"];

/** The conclusion for all: that of the treatment that decides, the best of its rule (of harm the worst). */
function conclude(metrics: MetricResult[], arms: ArmVerdict[]): ArmVerdict | undefined {
  const rule = ORDER.find((candidate) => arms.some((arm) => arm.rule === candidate));
  const deciding = arms.filter((arm) => arm.rule === rule);
  const best = bestOf(
    metrics,
    deciding.map(({ variant }) => variant),
  );
  const decided = deciding.find(({ variant }) => variant === best);
  if (!decided || arms.length === 1) return decided;
  // Among several a reason must say whose it is; all that do harm are named.
  const shown = rule === "harm" ? deciding : [decided];
  return {
    ...decided,
    reasons: shown.flatMap(({ variant, reasons }) => reasons.map((reason) => `${variant}: ${reason}`)),
  };
}

/** What to do with the treatments, and why in plain words. Nothing is concluded of a broken split, or of too few. */
export function judge(situation: Situation): Judgement {
  const { metrics, quality, fewest, required, counted } = situation;
  const variants = treatmentsOf(metrics);
  const whole = (variant: string | null) => ({
    variant,
    arms: [],
    record: recordOf(situation, variant ?? ""),
    canary: worstCanary(metrics, variants),
    daysLeft: variant ? daysLeft(situation, variant) : null,
  });
  const best = bestOf(metrics, variants) ?? null;
  if (quality.warnings.length > 0 && quality.srm < SRM_ALPHA)
    return { ...whole(best), decision: "inconclusive", rule: "broken", reasons: quality.warnings };
  if (fewest < required || best === null) {
    const reason =
      fewest < required
        ? `Not enough data yet: ${Math.floor(fewest)} of at least ${required} ${counted} in the smallest variant`
        : "No metric has results yet";
    return { ...whole(best), decision: "keep_running", rule: "early", reasons: [reason] };
  }
  const arms = variants.map((variant) => judgeArm(situation, variant));
  const { variant, decision, rule, reasons } = conclude(metrics, arms) as ArmVerdict;
  return { ...whole(variant), arms, decision, rule, reasons };
}

/** What is missing to a conclusion. */
function undecided(metrics: MetricResult[], variant: string): string[] {
  const primaries = comparisonsOf(metrics, variant, "primary").filter((outcome) => !wins(outcome));
  const guards = comparisonsOf(metrics, variant, "guardrail").filter((outcome) => !isSafe(outcome));
  return [
    ...primaries.map((outcome) =>
      outcome.comparison.improvementCi[0] > 0
        ? `${outcome.metric.name} improves by ${improvementText(outcome)}, below its minimum effect of ${signedShare(outcome.metric.minEffect)}`
        : `${outcome.metric.name} is not significant yet (${intervalText(outcome)})`,
    ),
    ...guards.map(
      (outcome) =>
        `${outcome.metric.name} may be worse than its margin of ${signedShare(-outcome.metric.margin)} (${intervalText(outcome)})`,
    ),
    ...unmeasured(metrics, variant).map((name) => `${name} has no results yet`),
  ];
}
