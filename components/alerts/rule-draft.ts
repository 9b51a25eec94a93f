import type { Rule, RuleRequest } from "#components/alerts/queries.ts";
import type { AlertFallback, RuleAggregate, RuleOperator, Severity } from "#lib/contract/enums.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

type Condition = Rule["condition"];
type RulePart = Extract<Condition, { kind: "composite" }>["parts"][number];

/** A part of a composite: a threshold as it was typed, or another condition, which stays as it is. */
export type PartDraft = {
  series: string;
  aggregate: RuleAggregate;
  windowMs: string;
  not: boolean;
  operator: RuleOperator;
  level: string;
  other: RulePart["condition"] | null;
};

/** A rule as a form has it: figures are what was typed. */
export type RuleDraft = {
  name: string;
  severity: Severity;
  series: string;
  host: string;
  aggregate: RuleAggregate;
  windowMs: string;
  kind: Condition["kind"];
  operator: RuleOperator;
  level: string;
  resolveLevel: string;
  direction: "up" | "down" | "any";
  percent: string;
  againstMs: string;
  confidence: string;
  withinMs: string;
  likely: string;
  objective: string;
  counted: "share" | "ratio";
  total: string;
  combine: "all" | "any";
  parts: PartDraft[];
  everyMs: string;
  cron: string;
  zone: string;
  graceMs: string;
  expr: string;
  evaluateMs: string;
  summary: string;
  description: string;
  forMs: string;
  keepFiringMs: string;
  noData: AlertFallback;
  note: string;
  runbook: string;
  enabled: boolean;
};

export const EMPTY_PART: PartDraft = {
  ...{ series: "", aggregate: "avg", windowMs: String(MINUTE_MS), not: false, operator: ">", level: "", other: null },
};

const EMPTY: RuleDraft = {
  ...{ name: "", severity: "warning", series: "", host: "", aggregate: "avg", windowMs: String(MINUTE_MS) },
  ...{ kind: "threshold", operator: ">", level: "", resolveLevel: "", direction: "up", percent: "50" },
  ...{ againstMs: String(DAY_MS), confidence: "0.9", withinMs: String(7 * DAY_MS), likely: "80" },
  ...{ objective: "99.9", counted: "share", total: "", combine: "all", parts: [EMPTY_PART, EMPTY_PART] },
  ...{ everyMs: String(DAY_MS), cron: "", zone: "UTC", graceMs: String(5 * MINUTE_MS) },
  ...{ expr: "", evaluateMs: String(MINUTE_MS), summary: "", description: "" },
  ...{ forMs: "0", keepFiringMs: "0", noData: "state", note: "", runbook: "", enabled: true },
};

const optional = (figure: number | undefined): string => (figure === undefined ? "" : String(figure));

const partOf = ({ series, aggregate, windowMs, not, condition }: RulePart): PartDraft => ({
  ...{ ...EMPTY_PART, series, aggregate, windowMs: String(windowMs), not },
  ...(condition.kind === "threshold"
    ? { operator: condition.operator, level: String(condition.level) }
    : { other: condition }),
});

function ownOf(condition: Condition): Partial<RuleDraft> {
  switch (condition.kind) {
    case "threshold": {
      const { operator, level, resolveLevel } = condition;
      return { operator, level: String(level), resolveLevel: optional(resolveLevel) };
    }
    case "change": {
      const { direction, percent, againstMs } = condition;
      return { direction, percent: String(percent), againstMs: String(againstMs) };
    }
    case "anomaly":
      return { confidence: String(condition.confidence) };
    case "forecast": {
      const { operator, level, withinMs, probability } = condition;
      return { operator, level: String(level), withinMs: String(withinMs), likely: String(probability * 100) };
    }
    case "burn_rate": {
      const { objective, bad, total = "" } = condition;
      const counted = total ? "ratio" : "share";
      return { objective: String(objective * 100), counted, total, ...(bad && { ...bad, level: String(bad.level) }) };
    }
    case "composite":
      return { combine: condition.operator, parts: condition.parts.map(partOf) };
    case "heartbeat": {
      const { everyMs, cron = "", zone, graceMs } = condition;
      return { everyMs: optional(everyMs), cron, zone, graceMs: String(graceMs) };
    }
    case "expression": {
      const { summary = "", description = "" } = condition.annotations;
      return { expr: condition.expr, evaluateMs: String(condition.everyMs), summary, description };
    }
    case "absence":
      return {};
  }
}

/** A rule as a form begins with it; a new one may begin with an expression. */
export function draftOf(rule: Rule | undefined, expr?: string): RuleDraft {
  if (!rule) return expr === undefined ? EMPTY : { ...EMPTY, kind: "expression", expr };
  const { condition, hostIds, windowMs, forMs, keepFiringMs } = rule;
  const { name, severity, series, aggregate, noData, note, runbook, enabled } = rule;
  return {
    ...EMPTY,
    ...{ name, severity, series, aggregate, noData, note, runbook, enabled },
    ...{ windowMs: String(windowMs), forMs: String(forMs), keepFiringMs: String(keepFiringMs) },
    host: hostIds.length === 1 ? String(hostIds[0]) : "",
    kind: condition.kind,
    ...ownOf(condition),
  };
}

const partRequest = ({ series, aggregate, windowMs, not, operator, level, other }: PartDraft) => ({
  ...{ series, aggregate, windowMs: Number(windowMs), not },
  condition: other ?? { kind: "threshold" as const, operator, level: Number.parseFloat(level) },
});

/** What a form shows of an expression, and all that it does not as it was. */
function expressionOf(draft: RuleDraft, rule: Rule | undefined): RuleRequest["condition"] {
  const { expr, evaluateMs, summary, description } = draft;
  const before = rule?.condition.kind === "expression" ? rule.condition : undefined;
  const { summary: _, description: __, ...others } = before?.annotations ?? {};
  const annotations = { ...others, ...(summary && { summary }), ...(description && { description }) };
  return { ...before, kind: "expression", expr, everyMs: Number(evaluateMs), annotations };
}

/** Shares are typed in percent; what comes of a division by 100 has no more digits than they had. */
const share = (percent: string): number => Number((Number.parseFloat(percent) / 100).toPrecision(12));

function conditionOf(draft: RuleDraft, rule: Rule | undefined): RuleRequest["condition"] {
  const [operator, level] = [draft.operator, Number.parseFloat(draft.level)];
  switch (draft.kind) {
    case "threshold":
      return {
        ...{ kind: "threshold", operator, level },
        ...(draft.resolveLevel === "" ? {} : { resolveLevel: Number.parseFloat(draft.resolveLevel) }),
      };
    case "change":
      return {
        ...{ kind: "change", direction: draft.direction },
        ...{ percent: Number.parseFloat(draft.percent), againstMs: Number(draft.againstMs) },
      };
    case "absence":
      return { kind: "absence" };
    case "anomaly":
      return { kind: "anomaly", confidence: Number(draft.confidence) };
    case "forecast":
      return {
        ...{ kind: "forecast", operator, level },
        ...{ withinMs: Number(draft.withinMs), probability: share(draft.likely) },
      };
    case "burn_rate":
      return {
        ...{ kind: "burn_rate", objective: share(draft.objective) },
        ...(draft.counted === "ratio" ? { total: draft.total } : { bad: { operator, level } }),
        ...(rule?.condition.kind === "burn_rate" ? { windows: rule.condition.windows } : {}),
      };
    case "composite":
      return { kind: "composite", operator: draft.combine, parts: draft.parts.map(partRequest) };
    case "expression":
      return expressionOf(draft, rule);
    case "heartbeat":
      return {
        ...{ kind: "heartbeat", graceMs: Number(draft.graceMs) },
        ...(draft.cron === "" ? { everyMs: Number(draft.everyMs) } : { cron: draft.cron, zone: draft.zone }),
      };
  }
}

/** What the API takes; what a form does not show of a rule stays as it was. */
export function requestOf(draft: RuleDraft, rule: Rule | undefined): RuleRequest {
  const { name, severity, aggregate, noData, note, runbook, enabled, host } = draft;
  const series =
    draft.kind === "heartbeat" || draft.kind === "expression"
      ? ""
      : draft.kind === "composite"
        ? (draft.parts[0]?.series ?? "")
        : draft.series;
  const several = rule !== undefined && rule.hostIds.length > 1 && host === "";
  return {
    ...{ name, severity, series, aggregate, noData, note, runbook, enabled },
    ...{ windowMs: Number(draft.windowMs), forMs: Number(draft.forMs), keepFiringMs: Number(draft.keepFiringMs) },
    hostIds: draft.kind === "expression" ? [] : several ? rule.hostIds : host === "" ? [] : [Number(host)],
    condition: conditionOf(draft, rule),
    ...(rule ? { labels: rule.labels, onError: rule.onError } : {}),
    ...(rule && draft.kind !== "expression" ? { exceptHostIds: rule.exceptHostIds } : {}),
  };
}
