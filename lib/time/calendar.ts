import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

// Days and times of the day by a clock without a zone, as localTime has it (ms).

/** The number of a day, from that of the first of January 1970. */
export const dayOf = (local: number): number => Math.floor(local / DAY_MS);

/** The weekday of a day, 1 is Monday. The first of January 1970 was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** A time of the day as 09:30, in ms after midnight. */
export function timeOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * HOUR_MS + minutes * MINUTE_MS;
}
