import type { RangeText } from "#lib/time/range/range.ts";

/** A chart has nothing new to show more often than its range is long, ms. */
const STEPS = 240;

/** What a query of a range needs. */
export type QueryTime = {
  /** What tells it from other ranges. */
  key: string[];
  /** The range as the API takes it at the moment. */
  range: () => RangeText;
  /** How often it is asked anew, at least `leastMs` apart; false where it does not move on. */
  every: (leastMs: number) => number | false;
};

/** How often a range of `spanMs` that moves on each `refreshMs` is asked anew, ms. */
export const everyMs = (spanMs: number, refreshMs: number, leastMs: number): number =>
  Math.max(refreshMs, leastMs, spanMs / STEPS);

/** The last so long, such as 24h, whatever a page shows. */
export const lastTime = (length: string): QueryTime => {
  const range = { from: `now-${length}`, to: "now" };
  return { key: [range.from, range.to], range: () => range, every: (leastMs) => leastMs };
};
