import type { RangeResult } from "#lib/tsdb/query.ts";

type Course = { from: number; to: number; stepMs: number };
type Line = { name: string; points: [number, number | null][] };

/** Lines that were computed, as a chart takes those of stored series; `factor` makes their values those of the unit. */
export function rangeOf(
  { from, to, stepMs }: Course,
  lines: Line[],
  { unit, factor = 1 }: { unit: string; factor?: number },
): RangeResult {
  const series = lines.map(({ name, points }, id) => ({
    ...{ id, metric: name, labels: {}, name, unit, kind: "gauge" as const, intervalMs: stepMs },
    points: points.map(([at, value]): [number, number | null] => [at, value === null ? null : value * factor]),
  }));
  return { from, to, stepMs, resolutions: ["raw"], series };
}
