import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** How long something takes (ms), in the largest unit that says it: "45 min", "24 h", "7 days". */
export function durationText(ms: number): string {
  if (ms < 2 * HOUR_MS) return `${Math.max(1, Math.round(ms / MINUTE_MS))} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} h` : `${Math.round(ms / DAY_MS)} days`;
}
