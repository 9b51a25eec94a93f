import { dayOf, weekdayOf } from "#lib/time/calendar.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { instantOf, localTime } from "#lib/time/zone.ts";

/** The units of expressions, as Grafana writes them: m is a minute, M a month, Q a quarter. */
export const RANGE_UNITS = ["s", "m", "h", "d", "w", "M", "Q", "y"] as const;
export type RangeUnit = (typeof RANGE_UNITS)[number];

/** Units that are always as long, ms. The others are by the calendar: a day may have 23 hours. */
export const FIXED_MS: Partial<Record<RangeUnit, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS };

/** How long a unit usually is, ms. */
export const USUAL_MS: Record<RangeUnit, number> = {
  ...{ s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS },
  ...{ M: 30 * DAY_MS, Q: 91 * DAY_MS, y: 365 * DAY_MS },
};

const MONTHS: Partial<Record<RangeUnit, number>> = { M: 1, Q: 3, y: 12 };

/** A month of a clock without a zone (ms), `months` later: the last day of a shorter month for a day that it has not. */
function addMonths(local: number, months: number): number {
  const date = new Date(local);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  const midnight = dayOf(local) * DAY_MS;
  return first + (Math.min(date.getUTCDate(), lastDay) - 1) * DAY_MS + (local - midnight);
}

const addLocal = (local: number, amount: number, unit: RangeUnit): number =>
  MONTHS[unit] === undefined ? local + amount * USUAL_MS[unit] : addMonths(local, amount * (MONTHS[unit] as number));

/** An instant (ms) some units later, or earlier: hours pass, days are those of the zone's calendar at the same time of the day. */
export function addUnits(at: number, amount: number, unit: RangeUnit, zone: string): number {
  const fixed = FIXED_MS[unit];
  return fixed === undefined ? instantOf(zone, addLocal(localTime(zone, at), amount, unit)) : at + amount * fixed;
}

/** Where a unit of a clock without a zone begins (ms); weeks begin on Monday. */
function startOfLocal(local: number, unit: RangeUnit): number {
  const day = dayOf(local);
  if (unit === "d") return day * DAY_MS;
  if (unit === "w") return (day - weekdayOf(day) + 1) * DAY_MS;
  const date = new Date(local);
  const month = date.getUTCMonth();
  return Date.UTC(date.getUTCFullYear(), month - (month % (MONTHS[unit] ?? 1)), 1);
}

/** Where the unit that an instant (ms) lies in begins, by the clock of a zone. */
export function startOf(at: number, unit: RangeUnit, zone: string): number {
  const [local, fixed] = [localTime(zone, at), FIXED_MS[unit]];
  return fixed === undefined ? instantOf(zone, startOfLocal(local, unit)) : at - (((local % fixed) + fixed) % fixed);
}

/** Where the unit that an instant (ms) lies in ends, which is where the next begins. */
export function endOf(at: number, unit: RangeUnit, zone: string): number {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return startOf(at, unit, zone) + fixed;
  return instantOf(zone, addLocal(startOfLocal(localTime(zone, at), unit), 1, unit));
}
