// What an experiment and its parts may be: for forms too, which have no zod.

export const EXPERIMENT_KINDS = ["ab", "hosts", "before_after", "switchback"] as const;
export type ExperimentKind = (typeof EXPERIMENT_KINDS)[number];

export const STATUSES = ["draft", "running", "paused", "stopped", "archived"] as const;
export type ExperimentStatus = (typeof STATUSES)[number];

/** A primary metric decides, a guardrail must not get worse, a secondary one informs. */
export const METRIC_ROLES = ["primary", "secondary", "guardrail"] as const;

/** How the events of a subject, or the samples of hosts, become the metric's value. */
export const METRIC_AGGREGATIONS = ["mean", "proportion", "count", "ratio", "quantile"] as const;

/** Which figure of an experiment's record a metric counts to. */
export const METRIC_CATEGORIES = ["efficiency", "quality", "performance"] as const;

export const ENGINES = ["sequential", "fixed", "bayes"] as const;
export const CORRECTIONS = ["holm", "benjamini_hochberg", "none"] as const;

/** What may end an experiment by itself. */
export const STOP_RULES = ["harm", "success", "futility", "duration"] as const;

/** What decided a verdict: a stop rule, or why there is none yet. */
export const VERDICT_RULES = [...STOP_RULES, "broken", "early", "open"] as const;
export type VerdictRule = (typeof VERDICT_RULES)[number];

/** Why a subject has its variant, or none. */
export const ASSIGNMENT_REASONS = ["assigned", "targeting", "exclusion", "traffic_allocation"] as const;
export type AssignmentReason = (typeof ASSIGNMENT_REASONS)[number];

export const ACTIONS = ["start", "pause", "resume", "stop", "archive"] as const;
export type Action = (typeof ACTIONS)[number];

/** What a history records. */
export const CHANGE_ACTIONS = ["create", "plan", "amend", ...ACTIONS] as const;
export type ChangeAction = (typeof CHANGE_ACTIONS)[number];

/** From where each action leads where. */
export const TRANSITIONS: Record<Action, { from: ExperimentStatus[]; to: ExperimentStatus }> = {
  start: { from: ["draft"], to: "running" },
  pause: { from: ["running"], to: "paused" },
  resume: { from: ["paused"], to: "running" },
  stop: { from: ["running", "paused"], to: "stopped" },
  archive: { from: ["draft", "stopped"], to: "archived" },
};
