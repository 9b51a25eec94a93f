import type { z } from "zod";
import type { recurrenceSchema } from "#lib/contract/alert-silences.ts";
import { dayOf, timeOfDay, weekdayOf } from "#lib/time/calendar.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { instantOf, localTime } from "#lib/time/zone.ts";

/** How a maintenance window comes again: on which days of the week or of the month, when, for how long (ms), by the clock of which zone. */
export type Recurrence = z.output<typeof recurrenceSchema>;

/** An occurrence: [from, to) in ms. */
export type Occurrence = { from: number; to: number };

function isDay({ weekdays, monthDays }: Recurrence, day: number): boolean {
  if (weekdays.length > 0 && !weekdays.includes(weekdayOf(day))) return false;
  return monthDays.length === 0 || monthDays.includes(new Date(day * DAY_MS).getUTCDate());
}

const beginOn = ({ at, zone }: Recurrence, day: number): number => instantOf(zone, day * DAY_MS + timeOfDay(at));

/**
 * The occurrence that holds at an instant (ms), or the next that begins within a year and a bit; undefined where none does. Where clocks are changed it
 * begins when they show its time, and lasts as long as ever.
 */
export function occurrenceAt(recurrence: Recurrence, at: number): Occurrence | undefined {
  const today = dayOf(localTime(recurrence.zone, at));
  const back = Math.ceil(recurrence.durationMs / DAY_MS) + 1;
  for (let day = today - back; day <= today + 400; day++) {
    if (!isDay(recurrence, day)) continue;
    const from = beginOn(recurrence, day);
    const to = from + recurrence.durationMs;
    if (to > at) return { from, to };
  }
  return undefined;
}
