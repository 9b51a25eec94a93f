import type { BadgeVariant } from "#components/ui/badge.tsx";

export const DECISION_LOOK: Record<string, BadgeVariant> = {
  ship: "good",
  roll_back: "bad",
  keep_running: "accent",
  inconclusive: "warn",
};

export const KIND_TITLE: Record<string, string> = {
  ab: "A/B by subject",
  hosts: "Canary against baseline",
  before_after: "Before and after",
  switchback: "Switchback",
};

/** Three significant digits of whatever a metric is counted in. */
export const figure = (value: number): string =>
  Number.isFinite(value) ? Number(value.toPrecision(4)).toLocaleString(undefined, { maximumFractionDigits: 4 }) : "–";
