import type { Rule, RuleRequest } from "#components/alerts/queries.ts";
import type { AlertFallback, RuleAggregate, RuleOperator, Severity } from "#lib/contract/enums.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

type Kind = Rule["condition"]["kind"];

/** A rule as a form has it: figures are what was typed. */
export type RuleDraft = {
  name: string;
  severity: Severity;
  series: string;
  host: string;
  aggregate: RuleAggregate;
  windowMs: string;
  kind: Kind;
  operator: RuleOperator;
  level: string;
  resolveLevel: string;
  direction: "up" | "down" | "any";
  percent: string;
  againstMs: string;
  confidence: string;
  forMs: string;
  keepFiringMs: string;
  noData: AlertFallback;
  note: string;
  runbook: string;
  enabled: boolean;
};

const EMPTY: RuleDraft = {
  ...{ name: "", severity: "warning", series: "", host: "", aggregate: "avg", windowMs: String(MINUTE_MS) },
  ...{ kind: "threshold", operator: ">", level: "", resolveLevel: "", direction: "up", percent: "50" },
  ...{ againstMs: "86400000", confidence: "0.9", forMs: "0", keepFiringMs: "0", noData: "state" },
  ...{ note: "", runbook: "", enabled: true },
};

/** A rule, or none yet, as a form begins with it. */
export function draftOf(rule: Rule | undefined): RuleDraft {
  if (!rule) return EMPTY;
  const { condition, hostIds, windowMs, forMs, keepFiringMs } = rule;
  const own: Partial<RuleDraft> =
    condition.kind === "threshold"
      ? {
          operator: condition.operator,
          level: String(condition.level),
          resolveLevel: condition.resolveLevel === undefined ? "" : String(condition.resolveLevel),
        }
      : condition.kind === "change"
        ? {
            direction: condition.direction,
            percent: String(condition.percent),
            againstMs: String(condition.againstMs),
          }
        : condition.kind === "anomaly"
          ? { confidence: String(condition.confidence) }
          : {};
  const { name, severity, series, aggregate, noData, note, runbook, enabled } = rule;
  return {
    ...EMPTY,
    ...{ name, severity, series, aggregate, noData, note, runbook, enabled },
    ...{ windowMs: String(windowMs), forMs: String(forMs), keepFiringMs: String(keepFiringMs) },
    host: hostIds.length === 1 ? String(hostIds[0]) : "",
    kind: condition.kind,
    ...own,
  };
}

function conditionOf(draft: RuleDraft): RuleRequest["condition"] {
  switch (draft.kind) {
    case "threshold":
      return {
        ...{ kind: "threshold", operator: draft.operator, level: Number.parseFloat(draft.level) },
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
  }
}

/** What the API takes; what a form does not show of a rule stays as it was. */
export function requestOf(draft: RuleDraft, rule: Rule | undefined): RuleRequest {
  const { name, severity, series, aggregate, noData, note, runbook, enabled, host } = draft;
  const several = rule !== undefined && rule.hostIds.length > 1 && host === "";
  return {
    ...{ name, severity, series, aggregate, noData, note, runbook, enabled },
    ...{ windowMs: Number(draft.windowMs), forMs: Number(draft.forMs), keepFiringMs: Number(draft.keepFiringMs) },
    hostIds: several ? rule.hostIds : host === "" ? [] : [Number(host)],
    condition: conditionOf(draft),
    ...(rule ? { labels: rule.labels, onError: rule.onError } : {}),
  };
}
