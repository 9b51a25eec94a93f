import type { BadgeVariant } from "#components/ui/badge.tsx";
import { MINUTE_MS } from "#lib/time/durations.ts";

export const SEVERITY_VARIANT: Record<string, BadgeVariant> = { info: "plain", warning: "warn", critical: "bad" };

export const STATUS_TITLE: Record<string, string> = {
  open: "open",
  acknowledged: "acknowledged",
  resolved: "resolved",
  false_alarm: "false alarm",
};

export const STATUS_VARIANT: Record<string, BadgeVariant> = {
  open: "accent",
  acknowledged: "plain",
  resolved: "good",
  false_alarm: "plain",
};

/** How long something took, in the largest unit that says it. */
export function formatDuration(from: string | Date, to: string | Date | null): string {
  if (!to) return "still on";
  const minutes = Math.max(1, Math.round((new Date(to).getTime() - new Date(from).getTime()) / MINUTE_MS));
  return minutes < 120
    ? `${minutes} min`
    : minutes < 2_880
      ? `${Math.round(minutes / 60)} h`
      : `${Math.round(minutes / 1440)} days`;
}
