import type { BadgeVariant } from "#components/ui/badge.tsx";
import type { VerdictDecision } from "#lib/contract/enums.ts";
import type { Action, ChangeAction, ExperimentKind } from "#lib/contract/experiment-names.ts";
import type { Plan } from "#lib/contract/experiment-plans.ts";

export const DECISION_VARIANT: Record<VerdictDecision, BadgeVariant> = {
  ship: "good",
  roll_back: "bad",
  keep_running: "accent",
  inconclusive: "warn",
};

export const KIND_TITLE: Record<ExperimentKind, string> = {
  ab: "A/B test (subjects)",
  hosts: "Canary (hosts)",
  before_after: "Before and after (hosts)",
  switchback: "Switchback (hosts)",
};

const ENGINE_TITLE: Record<Plan["engine"], string> = {
  sequential: "Sequential: valid at every look",
  fixed: "Fixed sample: valid once, at the end",
  bayes: "Bayesian",
};

/** An engine as it works for a kind: hosts have no sequential intervals. */
export const engineTitle = (kind: ExperimentKind, engine: Plan["engine"]): string =>
  kind !== "ab" && engine === "sequential" ? "Sequential: for hosts the same as fixed sample" : ENGINE_TITLE[engine];

export const STOP_RULE_TITLE: Record<Plan["stopOn"][number], string> = {
  harm: "Harm",
  success: "Success",
  futility: "Futility",
  duration: "Maximum duration",
};

export const ACTION_TITLE: Record<Action, string> = {
  start: "Start experiment",
  pause: "Pause experiment",
  resume: "Resume experiment",
  stop: "Stop experiment",
  archive: "Archive experiment",
};

export const CHANGE_TITLE: Record<ChangeAction, string> = {
  create: "Created",
  plan: "Plan edited",
  amend: "Plan amended",
  start: "Started",
  pause: "Paused",
  resume: "Resumed",
  stop: "Stopped",
  archive: "Archived",
};

export const CORRECTION_TITLE: Record<Plan["correction"], string> = {
  holm: "Holm",
  benjamini_hochberg: "Benjamini-Hochberg",
  none: "None",
};

/** The fields of a plan by the API's names, as the editor and the history call them. */
const FIELD: Record<string, { title: string; unit?: string }> = {
  name: { title: "Name" },
  key: { title: "Key" },
  hypothesis: { title: "Hypothesis" },
  kind: { title: "Kind" },
  tags: { title: "Tags" },
  variants: { title: "Variants" },
  metrics: { title: "Metrics" },
  engine: { title: "Statistics engine" },
  alpha: { title: "Significance level" },
  max_days: { title: "Maximum duration", unit: "days" },
  min_subjects: { title: "Minimum sample size per variant" },
  period_minutes: { title: "Switchback period", unit: "min" },
  before_days: { title: "Baseline period", unit: "days" },
  stop_on: { title: "Stop rules" },
  webhook: { title: "Webhook URL" },
  links: { title: "Links" },
  traffic_allocation: { title: "Traffic allocation" },
  targeting: { title: "Targeting" },
  exclusion: { title: "Exclusion group" },
  dimension: { title: "Dimension" },
  seed: { title: "Hash seed" },
  role: { title: "Role" },
  category: { title: "Category" },
  event: { title: "Event" },
  series: { title: "Live metric" },
  denominator: { title: "Denominator" },
  quantile: { title: "Quantile" },
  better: { title: "Goal" },
  min_effect: { title: "Minimum effect" },
  margin: { title: "Guardrail margin" },
  weight: { title: "Weight" },
  host_ids: { title: "Hosts" },
};

/** What a field of the plan is called: metrics.0.min_effect is "Metric 1, minimum effect". */
export function fieldTitle(field: string): string {
  const parts = field.split(".").filter((part) => part !== "plan");
  const [list, index, inner] = parts;
  if ((list === "metrics" || list === "variants") && index !== undefined) {
    const item = `${list === "metrics" ? "Metric" : "Variant"} ${Number(index) + 1}`;
    const title = inner === "kind" ? "Measured as" : FIELD[inner ?? ""]?.title;
    return title ? `${item}, ${title.toLowerCase()}` : item;
  }
  return FIELD[list ?? ""]?.title ?? field;
}

const valueText = (value: unknown): string =>
  Array.isArray(value) ? value.join(", ") || "none" : value === "" || value === null ? "none" : String(value);

/** What a history's change says of a field: "Maximum duration: 28 → 40 days". */
export function changeText(field: string, { from, to }: { from?: unknown; to?: unknown }): string {
  const unit = FIELD[field]?.unit;
  return `${fieldTitle(field)}: ${valueText(from)} → ${valueText(to)}${unit ? ` ${unit}` : ""}`;
}

/** A word of the API as a reader has it: "Guardrail". */
export const wordTitle = (word: string): string => `${word[0]?.toUpperCase()}${word.slice(1)}`.replaceAll("_", " ");

/** A chance in percent, never as if it were certain. */
export const chanceText = (chance: number): string =>
  chance > 0.999 ? ">99.9 %" : chance < 0.001 ? "<0.1 %" : `${(chance * 100).toFixed(1)} %`;

const threeDigits = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });

/** At most three significant digits of whatever a metric is counted in. */
export const figure = (value: number): string =>
  !Number.isFinite(value) ? "–" : Math.abs(value) >= 1e15 ? value.toExponential(2) : threeDigits.format(value);
