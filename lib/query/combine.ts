import type { Point } from "#lib/query/bucket.ts";

/** How the values of several series become one figure. */
export type Combine = "sum" | "max";

export function combineValues(how: Combine, values: (number | null | undefined)[]): number | null {
  const known = values.filter((value): value is number => value !== null && value !== undefined);
  if (known.length === 0) return null;
  return how === "max" ? Math.max(...known) : known.reduce((sum, value) => sum + value, 0);
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
