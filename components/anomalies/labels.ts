import type { Incident } from "#components/anomalies/queries.ts";
import type { BadgeVariant } from "#components/ui/badge.tsx";
import type { AnomalyStatus, AnomalyType, Severity } from "#lib/contract/enums.ts";
import { durationText } from "#lib/format/duration.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";

export const SEVERITY_VARIANT: Record<Severity, BadgeVariant> = { info: "plain", warning: "warn", critical: "bad" };

export const TYPE_TITLE: Record<AnomalyType, string> = {
  spike: "spike",
  shift: "shift",
  seasonal: "seasonal",
  erratic: "erratic",
  flat: "flat",
  threshold: "threshold",
  no_data: "no data",
};

export const STATUS_TITLE: Record<AnomalyStatus, string> = {
  open: "open",
  acknowledged: "acknowledged",
  resolved: "resolved",
  false_alarm: "false alarm",
};

export const STATUS_VARIANT: Record<AnomalyStatus, BadgeVariant> = {
  open: "warn",
  acknowledged: "plain",
  resolved: "good",
  false_alarm: "plain",
};

/** What changed first of an incident, and why that is unusual; empty where nothing is kept of it. */
export function firstChange({ anomalies }: Pick<Incident, "anomalies">): string {
  const [first, ...others] = anomalies.filter(({ order }) => order === 1);
  if (!first) return "";
  return anomalies.length > 1 && others.length === 0
    ? `First: ${seriesTitle(first.series)}. ${first.reason}`
    : first.reason;
}

/** How long something took, in the largest unit that says it. */
export function formatDuration({ from, to, lastAt }: { from: Date; to: Date | null; lastAt: Date }): string {
  // Up to its newest sample: by the clock, the server and the browser would say different things.
  const length = durationText((to ?? lastAt).getTime() - from.getTime());
  return to ? length : `ongoing for ${length}`;
}
