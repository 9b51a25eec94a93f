import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { addUnits } from "#lib/time/range/calendar-units.ts";
import { endsNow, type Instants, type RangeText } from "#lib/time/range/range.ts";

/** A range of less would hold hardly a sample, ms. */
const SHORTEST_MS = 10 * SECOND_MS;

/** No range that is reached by a press is longer, ms: a leap year. */
const LONGEST_MS = 366 * DAY_MS;

/** Days are left out: those of the calendar are what somebody chooses. */
const LENGTHS: [number, string][] = [
  [HOUR_MS, "h"],
  [MINUTE_MS, "m"],
  [SECOND_MS, "s"],
];

/** The last `ms`, to the second, up to now. */
export function lastRange(ms: number): RangeText {
  const whole = Math.max(SHORTEST_MS, Math.round(ms / SECOND_MS) * SECOND_MS);
  const [unitMs, unit] = LENGTHS.find(([length]) => whole % length === 0) ?? [SECOND_MS, "s"];
  return { from: `now-${whole / unitMs}${unit}`, to: "now" };
}

/** A range of instants (ms), which does not begin before 1970. */
const fixedRange = ({ from, to }: Instants): RangeText => ({
  from: String(Math.max(0, Math.round(from))),
  to: String(Math.max(1, Math.round(to))),
});

/** What lies between two instants (ms), in either order; widened where it is too short to show anything. */
export function rangeBetween(some: number, other: number): RangeText {
  const [from, to] = [Math.min(some, other), Math.max(some, other)];
  const missing = Math.max(0, SHORTEST_MS - (to - from));
  return fixedRange({ from: from - missing / 2, to: to + missing / 2 });
}

/** A range twice as long around the same middle, which reaches no further beyond now than before; one that ends now goes on to. */
export function widerRange(text: RangeText, { from, to }: Instants, now: number): RangeText {
  const span = to - from;
  if (span >= LONGEST_MS) return text;
  const wanted = Math.min(2 * span, LONGEST_MS);
  if (endsNow(text)) return lastRange(wanted);
  const end = Math.min(to + (wanted - span) / 2, Math.max(now, to));
  return fixedRange({ from: end - wanted, to: end });
}

/** A range that ends so near to now, as a share of its length, was moved back from there a while ago. */
const NEAR_NOW = 0.05;

/** A range moved by a share of its length, into the past where that is negative. One that comes near to now goes on from there. */
export function movedRange({ from, to }: Instants, share: number, now: number): RangeText {
  const [span, by] = [to - from, (to - from) * share];
  if (by > 0 && to + by >= now - span * NEAR_NOW) return lastRange(span);
  const start = Math.max(0, from + by);
  return fixedRange({ from: start, to: start + span });
}

/** What a range is compared with: as long a time before, or the same days a week before. */
export const COMPARISONS = ["before", "week"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** The range that another is compared with, and where an instant (ms) of it lies in that other. A week is seven days of the reader's calendar. */
export type Compared = Instants & { forth: (at: number) => number };

/** What [from, to) is compared with, ms. */
export function comparedRange(comparison: Comparison, { from, to }: Instants, zone: string): Compared {
  if (comparison === "before") return { from: from - (to - from), to: from, forth: (at) => at + (to - from) };
  const back = (at: number) => addUnits(at, -7, "d", zone);
  return { from: back(from), to: back(to), forth: (at) => addUnits(at, 7, "d", zone) };
}
