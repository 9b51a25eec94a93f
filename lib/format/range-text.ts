import type { TimeFormat } from "#lib/format/date-time.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { type BoundStep, parseBound, type Reading } from "#lib/time/range/bound.ts";
import type { RangeUnit } from "#lib/time/range/calendar-units.ts";
import { endsNow, type Instants, type RangeText, resolveRange } from "#lib/time/range/range.ts";

const NAMES: Record<RangeUnit, string> = {
  ...{ s: "second", m: "minute", h: "hour", d: "day", w: "week", M: "month", Q: "quarter", y: "year" },
};

const amountText = (amount: number, unit: RangeUnit): string => `${amount} ${NAMES[unit]}${amount === 1 ? "" : "s"}`;

const stepsOf = (text: string): BoundStep[] | undefined => {
  const bound = parseBound(text);
  return "steps" in bound ? bound.steps : undefined;
};

/** "Last 6 hours"; undefined of what is no plain way back. */
function lastText(steps: BoundStep[]): string | undefined {
  const parts = steps.map((step) => ("add" in step && step.add < 0 ? amountText(-step.add, step.unit) : undefined));
  return parts.length > 0 && parts.every((part) => part !== undefined) ? `Last ${parts.join(" ")}` : undefined;
}

/** "Today so far", "Yesterday", "Last week", "This month" */
function wholeText([first, second, ...more]: BoundStep[], { from, to }: RangeText): string | undefined {
  const round = [first, second].find((step) => step && "round" in step);
  if (!first || !round || !("round" in round) || more.length > 0) return undefined;
  const isDay = round.round === "d";
  if ("round" in first && second === undefined) {
    const name = isDay ? "Today" : `This ${NAMES[round.round]}`;
    return endsNow({ from, to }) ? `${name} so far` : from === to ? name : undefined;
  }
  const isLast = "add" in first && first.add === -1 && first.unit === round.round && from === to;
  return isLast ? (isDay ? "Yesterday" : `Last ${NAMES[round.round]}`) : undefined;
}

/** "28 Nov", and with its year where that is not this year's. */
function dayText(at: number, now: number, time: TimeFormat): string {
  const [day, year] = [time.day(at), time.day(now).slice(-4)];
  return day.endsWith(year) ? day.slice(0, -4).replace(/,? $/, "") : day;
}

/** "28 Nov, 09:00 to 11:30"; days alone where the range is of whole ones. */
function instantsText({ from, to }: Instants, isOpen: boolean, time: TimeFormat, now: number): string {
  const day = (at: number) => dayText(at, now, time);
  const clock = (at: number) => time.clock(at, to - from < 10 * MINUTE_MS);
  const isWhole = [from, to].every((at) => time.input(at).endsWith("T00:00"));
  // The last day that a range of whole days holds, at its noon.
  const last = to - DAY_MS / 2;
  if (isOpen) return `${day(from)}, ${clock(from)} to now`;
  if (isWhole) return time.day(from) === time.day(last) ? day(from) : `${day(from)} to ${day(last)}`;
  const end = time.day(from) === time.day(to) ? clock(to) : `${day(to)}, ${clock(to)}`;
  return `${day(from)}, ${clock(from)} to ${end}`;
}

/** A range as its reader reads it: "Last 6 hours", "Yesterday", "28 Nov, 09:00 to 11:30". A text that is no range stays as it is. */
export function rangeText(range: RangeText, time: TimeFormat, now: number): string {
  const steps = stepsOf(range.from);
  const isOpen = endsNow(range);
  const relative = steps && ((isOpen ? lastText(steps) : undefined) ?? wholeText(steps, range));
  if (relative) return relative;
  const reading: Reading = { now, zone: time.style.zone };
  const instants = resolveRange(range, reading);
  return "problem" in instants ? `${range.from} to ${range.to}` : instantsText(instants, isOpen, time, now);
}
