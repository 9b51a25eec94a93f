import type { RangeText } from "#lib/time/range/range.ts";

const KEY = "sightline.ranges";
const MOST = 5;

const isRange = (value: unknown): value is RangeText =>
  typeof value === "object" && value !== null && "from" in value && "to" in value && typeof value.from === "string";

/** The ranges that this browser's reader chose by hand, newest first. A browser that keeps nothing has none. */
export function recentRanges(): RangeText[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isRange).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Keeps a range as the newest. */
export function keepRange({ from, to }: RangeText): void {
  const others = recentRanges().filter((range) => range.from !== from || range.to !== to);
  try {
    localStorage.setItem(KEY, JSON.stringify([{ from, to }, ...others].slice(0, MOST)));
  } catch {
    // A private window may keep nothing: the range is shown all the same.
  }
}
