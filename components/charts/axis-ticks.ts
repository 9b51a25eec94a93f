import type { TimeFormat } from "#lib/format/date-time.ts";
import { tickText, timeTicks } from "#lib/format/time-axis.ts";
import { formatText } from "#lib/format/value.ts";
import { valueTicks } from "#lib/format/value-axis.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";

/** A place on an axis, an instant (ms) or a value, and what is written there. */
export type Tick = { at: number; text: string };

const PIXELS_A_TICK = 84;

/** Round instants of a time axis that is `width` pixels long, in the reader's zone. */
export function timeAxisTicks(from: number, to: number, width: number, time: TimeFormat): Tick[] {
  const most = Math.max(2, Math.floor(width / PIXELS_A_TICK));
  return timeTicks(from, to, most, time.style.zone).map((at) => ({ at, text: tickText(at, to - from, time) }));
}

/** Values up the side with their unit, which stays on their line. */
export const valueAxisTicks = (values: readonly number[], unit: Unit, rate: boolean): Tick[] =>
  values.map((at) => ({ at, text: formatText(at, unit, rate).replace(" ", "\u00a0") }));

/** An axis of counts goes as far as that at least: a single event is no full column. */
const LEAST_COUNT = 4;

/** The same of an axis of counts, from none to the most of them. */
export const countAxisTicks = (counts: readonly number[]): Tick[] => {
  const most = counts.reduce((high, count) => Math.max(high, count), LEAST_COUNT);
  return valueAxisTicks(valueTicks(0, most, "count", 3), "count", false);
};
