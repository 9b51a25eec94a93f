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

/** Round instants of the reader's own zone, at most `most` of them. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const step =
    STEPS.find((candidate) => (to - from) / candidate <= most) ?? Math.ceil((to - from) / most / DAY_MS) * DAY_MS;
  const zone = new Date(from).getTimezoneOffset() * MINUTE_MS;
  const ticks: number[] = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at <= to; at += step) ticks.push(at);
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
