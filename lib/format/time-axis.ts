import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

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

/** The instant (ms) of so many minutes after midnight of a day of the reader's zone; days count from that of `from`. */
const localInstant = (from: Date, day: number, minutes: number): number =>
  new Date(from.getFullYear(), from.getMonth(), from.getDate() + day, 0, minutes).getTime();

/** Days between ticks: a day, or whole weeks' worth that fit. */
const daysBetween = (spanMs: number, most: number): number =>
  [1, 2, 7, 14, 28].find((days) => spanMs / (days * DAY_MS) <= most) ?? Math.ceil(spanMs / most / DAY_MS);

/** Round instants by the clock and the calendar of the reader's own zone, also where clocks are changed; at most `most` of them. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most);
  if (step !== undefined && step < MINUTE_MS) {
    const first = Math.ceil(from / step) * step;
    return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, n) => first + n * step);
  }
  const begin = new Date(from);
  const days = step === undefined || step === DAY_MS ? daysBetween(to - from, most) : 1;
  const minutes = step === undefined || step === DAY_MS ? 24 * 60 : step / MINUTE_MS;
  const ticks: number[] = [];
  for (let day = 0; localInstant(begin, day, 0) <= to; day += days)
    for (let minute = 0; minute < 24 * 60; minute += minutes) {
      const at = localInstant(begin, day, minute);
      // What there is not on a day that clocks are changed on falls on what there is.
      if (at >= from && at <= to && at > (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) ticks.push(at);
    }
  return ticks;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

/** A tick of a time axis: the time of day, or the date where the span (ms) is long. */
export function tickText(at: number, spanMs: number): string {
  const midnight = new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0;
  if (spanMs > 2 * DAY_MS) return midnight || spanMs > 8 * DAY_MS ? day.format(at) : clock.format(at);
  return spanMs <= 5 * MINUTE_MS ? seconds.format(at) : clock.format(at);
}

/** An instant (ms) in full, in the reader's zone. */
export function instantText(at: number): string {
  return `${day.format(at)}, ${seconds.format(at)}`;
}
