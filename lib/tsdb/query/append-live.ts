import { bucketStart } from "#lib/tsdb/chunks/grid.ts";
import { GAP } from "#lib/tsdb/chunks/rollup.ts";
import type { Point } from "#lib/tsdb/query/fold.ts";
import type { RangeResult, SeriesPoints } from "#lib/tsdb/query/range.ts";

/** The samples that live frames brought into the newest bucket of a series: a bucket shows their mean. */
export type OpenBuckets = Map<number, { start: number; samples: Map<number, number> }>;

function appendTo(series: SeriesPoints, at: number, value: number | null, stepMs: number, open: OpenBuckets): Point[] {
  const start = bucketStart(at, { stepMs });
  const last = series.points.at(-1);
  if (value === null || (last && start < last[0])) return series.points;
  let bucket = open.get(series.id);
  if (bucket?.start !== start) {
    bucket = { start, samples: new Map() };
    open.set(series.id, bucket);
  }
  bucket.samples.set(at, value);
  const mean = [...bucket.samples.values()].reduce((sum, sample) => sum + sample, 0) / bucket.samples.size;
  if (last?.[0] === start) return [...series.points.slice(0, -1), [start, mean]];
  const gap = last !== undefined && start - last[0] > GAP * Math.max(series.intervalMs, stepMs);
  const marker: Point[] = gap && last[1] !== null ? [[last[0] + stepMs, null]] : [];
  return [...series.points, ...marker, [start, mean]];
}

/** A range that slides with live values: they are added at its end, and what leaves its span is dropped. */
export function appendLive(
  range: RangeResult,
  at: number,
  values: Map<number, number | null>,
  open: OpenBuckets,
): RangeResult {
  const to = Math.max(range.to, at + 1);
  const from = to - (range.to - range.from);
  const series = range.series.map((entry) => {
    const value = values.get(entry.id);
    const points = value === undefined ? entry.points : appendTo(entry, at, value, range.stepMs, open);
    const first = points.findIndex(([time]) => time >= from - range.stepMs);
    return { ...entry, points: first > 0 ? points.slice(first) : points };
  });
  return { ...range, from, to, series };
}
