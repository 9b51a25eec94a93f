import type { TimeFormat } from "#lib/format/date-time.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { instantOf, localTime } from "#lib/time/zone.ts";

const STEPS = [
  15_000,
  30_000,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
];

/** Days between ticks: a day, or whole weeks' worth that fit. */
const daysBetween = (spanMs: number, most: number): number =>
  [1, 2, 7, 14, 28].find((days) => spanMs / (days * DAY_MS) <= most) ?? Math.ceil(spanMs / most / DAY_MS);

/** Round instants by the clock and the calendar of a zone, also where clocks are changed; at most `most` of them. */
export function timeTicks(from: number, to: number, most: number, zone: string): number[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most);
  if (step !== undefined && step < MINUTE_MS) {
    const first = Math.ceil(from / step) * step;
    return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, n) => first + n * step);
  }
  const midnight = Math.floor(localTime(zone, from) / DAY_MS) * DAY_MS;
  const days = step === undefined || step === DAY_MS ? daysBetween(to - from, most) : 1;
  const stepMs = step === undefined || step === DAY_MS ? DAY_MS : step;
  const ticks: number[] = [];
  for (let day = midnight; instantOf(zone, day) <= to; day += days * DAY_MS)
    for (let local = day; local < day + DAY_MS; local += stepMs) {
      const at = instantOf(zone, local);
      // What there is not on a day that clocks are changed on falls on what there is.
      if (at >= from && at <= to && at > (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) ticks.push(at);
    }
  return ticks;
}

/** A tick of a time axis: the time of day, or the date where the span (ms) is long. */
export function tickText(at: number, spanMs: number, time: TimeFormat): string {
  const isMidnight = localTime(time.style.zone, at) % DAY_MS === 0;
  if (spanMs > 2 * DAY_MS) return isMidnight || spanMs > 8 * DAY_MS ? time.weekday(at) : time.clock(at);
  return time.clock(at, spanMs <= 5 * MINUTE_MS);
}
