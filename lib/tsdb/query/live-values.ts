import type { MetricKind } from "#lib/contract/enums.ts";
import { GAP, growth } from "#lib/tsdb/chunks/rollup.ts";
import type { StoredFrame } from "#lib/tsdb/query/frames.ts";

/** Values as they are shown, by series id: a gauge as it is, a counter as its rate per second. */
export type ShownValues = Map<number, number | null>;

/** What a frame shows, given the one before it of the same source. */
export function shownValues(
  frame: StoredFrame,
  before: StoredFrame | undefined,
  kindOf: (seriesId: number) => MetricKind,
): ShownValues {
  const seconds = before ? (frame.at - before.at) / 1000 : 0;
  const near = before !== undefined && seconds > 0 && seconds * 1000 <= GAP * before.intervalMs;
  const shown: ShownValues = new Map();
  frame.seriesIds.forEach((id, index) => {
    const value = frame.values[index] ?? null;
    if (kindOf(id) === "gauge" || value === null) {
      shown.set(id, value);
      return;
    }
    const last = near ? (before.values[before.seriesIds.indexOf(id)] ?? null) : null;
    shown.set(id, last === null ? null : growth(last, value) / seconds);
  });
  return shown;
}
