import type { Rule } from "#components/alerts/queries.ts";
import type { BadgeVariant } from "#components/ui/badge.tsx";
import type { AlertStatus, ChannelKind, Severity } from "#lib/contract/enums.ts";
import { durationText, intervalText } from "#lib/format/duration.ts";

export const STATE_TITLE: Record<AlertStatus, string> = {
  pending: "pending",
  firing: "firing",
  no_data: "no data",
  error: "error",
  resolved: "resolved",
};

export const STATE_VARIANT: Record<AlertStatus, BadgeVariant> = {
  pending: "warn",
  firing: "bad",
  no_data: "plain",
  error: "warn",
  resolved: "good",
};

/** Which severities a channel hears of, by the least of them. */
export const leastTitle = (severity: Severity): string =>
  severity === "critical" ? "critical only" : `${severity} or graver`;

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export const KIND_TITLE: Record<ChannelKind, string> = {
  email: "Email",
  webhook: "Webhook",
  slack: "Slack",
  discord: "Discord",
  teams: "Microsoft Teams",
  ntfy: "ntfy",
  pagerduty: "PagerDuty",
  gotify: "Gotify",
  telegram: "Telegram",
  opsgenie: "Opsgenie",
  template: "JSON template",
  on_call: "On call",
  push: "Browser notification",
};

const plainText = ({ condition, aggregate, windowMs }: Pick<Rule, "condition" | "aggregate" | "windowMs">): string => {
  const value = `${aggregate} of ${durationText(windowMs)}`;
  switch (condition.kind) {
    case "threshold":
      return `${value} ${condition.operator} ${condition.level}`;
    case "change":
      return `${value} changed ${condition.direction === "any" ? "" : `${condition.direction} `}by ${condition.percent} % or more against ${durationText(condition.againstMs)} earlier`;
    case "absence":
      return `no samples in ${durationText(windowMs)}`;
    case "anomaly":
      return `an anomaly with a confidence of ${Math.round(condition.confidence * 100)} % or more`;
    case "forecast":
      return `${Math.round(condition.probability * 100)} % likely to be ${condition.operator} ${condition.level} within ${durationText(condition.withinMs)}`;
    case "burn_rate":
      return condition.windows
        .map(({ longMs, shortMs, factor }) => `${factor} × in ${durationText(longMs)} and ${durationText(shortMs)}`)
        .join(" or ");
    case "composite":
      return condition.parts
        .map((part) => `${part.not ? "not " : ""}${part.series} ${plainText(part)}`)
        .join(condition.operator === "all" ? " and " : " or ");
    case "expression":
      return `each element is an alert, evaluated every ${intervalText(condition.everyMs)}`;
    case "heartbeat":
      return `a report ${condition.cron ? `by ${condition.cron} (${condition.zone})` : `every ${durationText(condition.everyMs ?? 0)}`}, at most ${durationText(condition.graceMs)} late`;
  }
};

/** A rule's condition in words: "avg of 1 min > 90, for 5 min". */
export const conditionText = (rule: Rule): string =>
  `${plainText(rule)}${rule.forMs > 0 ? `, for ${durationText(rule.forMs)}` : ""}`;
