import type { Combine } from "#lib/contract/enums.ts";
import { labelsKey } from "#lib/metrics/frame.ts";
import { combinePoints } from "#lib/tsdb/query/combine.ts";
import type { Point, PointColumns } from "#lib/tsdb/query/fold.ts";
import type { SeriesPoints } from "#lib/tsdb/query/range.ts";

/** Series of one metric with the same value of a label as one; those without the label together. */
export function groupBy(series: SeriesPoints[], label: string, how: Combine): SeriesPoints[] {
  const groups = Map.groupBy(series, (s) => `${s.metric}\n${s.labels[label] ?? ""}`);
  return [...groups.values()].map((members) => {
    const [first] = members as [SeriesPoints];
    const value = first.labels[label];
    const labels = value === undefined ? {} : { [label]: value };
    const key = labelsKey(labels);
    const name = key === "" ? first.metric : `${first.metric}{${key}}`;
    return {
      ...first,
      labels,
      name,
      points: combinePoints(
        how,
        members.map((member) => member.points),
      ),
    };
  });
}

const mean = ({ points }: { points: PointColumns }): number => {
  const present = points.values.filter((value) => !Number.isNaN(value));
  return present.length === 0
    ? Number.NEGATIVE_INFINITY
    : present.reduce((sum, value) => sum + value, 0) / present.length;
};

/** The `count` series with the highest means, highest first. */
export function top<S extends { points: PointColumns }>(series: S[], count: number): S[] {
  return [...series].sort((a, b) => mean(b) - mean(a)).slice(0, count);
}

/** Points moved in time, so that a period before lies under the present one. */
export const shift = ({ times, values }: PointColumns, byMs: number): PointColumns => ({
  times: byMs === 0 ? times : times.map((at) => at + byMs),
  values,
});

type Known = [number, number];

/** The corner of a bucket that makes the largest triangle with the point kept before it and the mean of the bucket after. */
function largest(kept: Known, bucket: Known[], next: Known[]): Known {
  const ahead = next.length > 0 ? next : bucket;
  const [x, y] = [0, 1].map((k) => ahead.reduce((sum, point) => sum + (point[k] as number), 0) / ahead.length) as Known;
  let best = bucket[0] as Known;
  let bestArea = -1;
  for (const point of bucket) {
    const area = Math.abs((kept[0] - x) * (point[1] - kept[1]) - (kept[0] - point[0]) * (y - kept[1]));
    if (area > bestArea) [best, bestArea] = [point, area];
  }
  return best;
}

/** One run without gaps, by Largest-Triangle-Three-Buckets (Steinarsson 2013): first, last, and a corner for each bucket. */
function lttbRun(points: Known[], count: number): Known[] {
  if (points.length <= count || count < 3)
    return points.length <= count ? points : [points[0] as Known, points.at(-1) as Known].slice(0, count);
  const kept = [points[0] as Known];
  const width = (points.length - 2) / (count - 2);
  const slice = (n: number) =>
    points.slice(1 + Math.floor(n * width), Math.min(1 + Math.floor((n + 1) * width), points.length - 1));
  for (let n = 0; n < count - 2; n++)
    kept.push(largest(kept.at(-1) as Known, slice(n), n < count - 3 ? slice(n + 1) : [points.at(-1) as Known]));
  kept.push(points.at(-1) as Known);
  return kept;
}

/** At most `count` points that keep the shape a reader sees; gaps stay gaps. */
export function lttb(points: Point[], count: number): Point[] {
  if (points.length <= count) return points;
  const runs: Known[][] = [[]];
  const gaps: number[] = [];
  for (const [at, value] of points) {
    if (value !== null) runs.at(-1)?.push([at, value]);
    else if (runs.at(-1)?.length) {
      runs.push([]);
      gaps.push(at);
    }
  }
  const samples = runs.reduce((sum, run) => sum + run.length, 0);
  const room = Math.max(count - gaps.length, 0);
  return runs
    .flatMap((run, n): Point[] => {
      const gap = gaps[n];
      return [
        ...lttbRun(run, Math.floor((room * run.length) / samples)),
        ...(gap === undefined ? [] : [[gap, null] as Point]),
      ];
    })
    .slice(0, count);
}
