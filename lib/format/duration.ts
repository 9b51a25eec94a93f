import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** How long something takes (ms), in the largest unit that says it: "45 min", "24 h", "7 days". */
export function durationText(ms: number): string {
  if (ms < 2 * HOUR_MS) return `${Math.max(1, Math.round(ms / MINUTE_MS))} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} h` : `${Math.round(ms / DAY_MS)} days`;
}

/** "10 s", and from a minute on as durationText: how far apart things are that happen again and again. */
export const intervalText = (ms: number): string => (ms < 60_000 ? `${ms / 1_000} s` : durationText(ms));
