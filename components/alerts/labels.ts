import type { Rule } from "#components/alerts/queries.ts";
import type { BadgeVariant } from "#components/ui/badge.tsx";
import type { AlertStatus, ChannelKind, Severity } from "#lib/contract/enums.ts";
import { durationText } from "#lib/format/duration.ts";

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
};

/** A rule's condition in words: "avg of 1 min > 90, for 5 min". */
export function conditionText({ aggregate, windowMs, condition, forMs }: Rule): string {
  const value = `${aggregate} of ${durationText(windowMs)}`;
  const wait = forMs > 0 ? `, for ${durationText(forMs)}` : "";
  switch (condition.kind) {
    case "threshold":
      return `${value} ${condition.operator} ${condition.level}${wait}`;
    case "change":
      return `${value} changed ${condition.direction === "any" ? "" : `${condition.direction} `}by ${condition.percent} % or more against ${durationText(condition.againstMs)} earlier${wait}`;
    case "absence":
      return `no samples in ${durationText(windowMs)}${wait}`;
    case "anomaly":
      return `an anomaly with a confidence of ${Math.round(condition.confidence * 100)} % or more${wait}`;
  }
}
