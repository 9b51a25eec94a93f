import type { Combine } from "#lib/contract/enums.ts";
import type { Point } from "#lib/tsdb/query/fold.ts";

/** One value out of several series' values at an instant; null where none has one. */
export function combineValues(how: Combine, values: (number | null | undefined)[]): number | null {
  const present = values.filter((value): value is number => value !== null && value !== undefined);
  if (present.length === 0) return null;
  if (how === "max") return Math.max(...present);
  if (how === "min") return Math.min(...present);
  const sum = present.reduce((total, value) => total + value, 0);
  return how === "avg" ? sum / present.length : sum;
}

/** Several series' points as one; a bucket that none of them has is left out, a gap in all stays a gap. */
export function combinePoints(how: Combine, series: Point[][]): Point[] {
  const [only] = series;
  if (series.length === 1 && only) return only;
  const byTime = Map.groupBy(series.flat(), ([at]) => at);
  return [...byTime]
    .map(
      ([at, points]): Point => [
        at,
        combineValues(
          how,
          points.map(([, value]) => value),
        ),
      ],
    )
    .sort(([a], [b]) => a - b);
}
