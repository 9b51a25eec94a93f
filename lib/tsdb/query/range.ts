import { type Aggregate, type Combine, MAX_POINTS, MAX_SERIES, type Resolution } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { zoneOffset } from "#lib/time/instant.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog/series.ts";
import { countChunkRows } from "#lib/tsdb/chunks/chunk-rows.ts";
import type { SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import type { Grid } from "#lib/tsdb/chunks/rollup.ts";
import { needsSamples, type Point, quantilePoints, roundStep, toPoints } from "#lib/tsdb/query/bucket.ts";
import { groupBy, lttb, shift, top } from "#lib/tsdb/query/downsample.ts";
import { countFrames, readIntervals } from "#lib/tsdb/query/frames.ts";
import { chooseResolution, readBuckets, readSamples } from "#lib/tsdb/query/resolutions.ts";
import { findSeries } from "#lib/tsdb/query/selector.ts";

/** Times in ms since the epoch, [from, to); the step in ms, or the number of points to fit it to. */
export type RangeQuery = {
  hostId: number;
  series: string[];
  from: number;
  to: number;
  stepMs?: number | undefined;
  points?: number | undefined;
  aggregate?: Aggregate | undefined;
  /** Joins series with the same value of this label. */
  by?: string | undefined;
  combine?: Combine | undefined;
  /** Only so many series, those with the highest means. */
  top?: number | undefined;
  /** Reads the range this much earlier (ms) and puts it in the place of the one asked for. */
  shiftMs?: number | undefined;
  /** An IANA zone whose days and hours the steps keep to. */
  zone?: string | undefined;
  /** Keeps the shape rather than the means: read finer, then thinned to `points`. */
  shape?: boolean | undefined;
};

export type SeriesPoints = Pick<SeriesInfo, "id" | "metric" | "labels" | "name" | "unit" | "kind"> & {
  /** How far apart the newest samples are meant to be, in ms. */
  intervalMs: number;
  points: Point[];
};
export type RangeResult = { from: number; to: number; stepMs: number; series: SeriesPoints[] };

/** What one query may read: some 0.5 s and 100 MB. */
const MAX_SAMPLES = 3_000_000;
const DEFAULT_POINTS = 300;
/** How far before the range a counter's first rate may reach. */
const LOOK_BACK_MS = 10 * MINUTE_MS;

function problem(type: "validation" | "too-costly", field: string, message: string): DomainError {
  return new DomainError(type, message, { fields: [{ field, message }] });
}

function chooseStep(query: RangeQuery): number {
  const span = query.to - query.from;
  if (span <= 0) throw problem("validation", "to", "`to` must be later than `from`");
  if (!query.stepMs) return roundStep(span, query.points ?? DEFAULT_POINTS);
  if (span / query.stepMs > MAX_POINTS) {
    const least = Math.ceil(span / MAX_POINTS / 1000);
    throw problem(
      "too-costly",
      "step",
      `More than ${MAX_POINTS} points: take a step of ${least} s or more, or a shorter range`,
    );
  }
  return query.stepMs;
}

/** How finely a range is read whose shape is to be kept. */
const SHAPE_DETAIL = 8;

/** Reads a range of series as points a step apart. @throws DomainError validation, not-found, too-costly */
export async function queryRange(db: Connection, query: RangeQuery): Promise<RangeResult> {
  const shiftMs = query.shiftMs ?? 0;
  const points = query.points ?? DEFAULT_POINTS;
  const detail = query.shape ? Math.min(points * SHAPE_DETAIL, MAX_POINTS) : points;
  const shifted = { ...query, points: detail, from: query.from - shiftMs, to: query.to - shiftMs };
  const grid = { stepMs: chooseStep(shifted), offsetMs: query.zone ? -zoneOffset(query.zone, query.to) : 0 };
  const series = await readSeries(db, shifted, grid);
  const grouped = query.by ? groupBy(series, query.by, query.combine ?? "sum") : series;
  const chosen = query.top ? top(grouped, query.top) : grouped;
  const finish = (own: Point[]) => shift(query.shape ? lttb(own, points) : own, shiftMs);
  return {
    from: query.from,
    to: query.to,
    stepMs: grid.stepMs,
    series: chosen.map((s) => ({ ...s, points: finish(s.points) })),
  };
}

async function readSeries(db: Connection, query: RangeQuery, grid: Grid): Promise<SeriesPoints[]> {
  const chosen = await findSeries(db, query.hostId, query.series);
  if (chosen.length > MAX_SERIES) {
    throw problem("too-costly", "series", `${chosen.length} series: ask for at most ${MAX_SERIES} at once`);
  }
  const bySource = Map.groupBy(chosen, (series) => series.sourceId);
  const parts = await Promise.all(
    [...bySource].map(([sourceId, series]) => querySource(db, query, grid, sourceId, series)),
  );
  const points = new Map(parts.flat().map((part) => [part.id, part.points]));
  const intervals = await readIntervals(db, query.hostId);
  return chosen.map(({ id, sourceId, metric, labels, name, unit, kind }) => ({
    id,
    metric,
    labels,
    name,
    unit,
    kind,
    intervalMs: intervals.get(sourceId) ?? 0,
    points: points.get(id) ?? [],
  }));
}

async function querySource(
  db: Connection,
  query: RangeQuery,
  grid: Grid,
  sourceId: number,
  series: SeriesInfo[],
): Promise<{ id: number; points: Point[] }[]> {
  const { hostId, from, to, aggregate } = query;
  const sourceRef = { hostId, sourceId };
  const range = { from, to, ...grid };
  const ids = series.map((s) => s.id);
  const fromSamples = aggregate !== undefined && needsSamples(aggregate);
  await assertAffordable(
    db,
    sourceRef,
    { from: from - LOOK_BACK_MS, to },
    ids,
    fromSamples ? "raw" : chooseResolution(range),
  );
  if (fromSamples) {
    const samples = await readSamples(db, sourceRef, { from: from - LOOK_BACK_MS, to }, ids);
    return series.map(({ id, kind }) => ({
      id,
      points: quantilePoints(samples.get(id) as SampleColumns, range, kind, aggregate),
    }));
  }
  const buckets = await readBuckets(db, sourceRef, range, series, LOOK_BACK_MS);
  return series.map(({ id, kind }) => ({
    id,
    points: toPoints(buckets.get(id) ?? [], grid.stepMs, aggregate ?? (isCumulative(kind) ? "rate" : "avg")),
  }));
}

async function assertAffordable(
  db: Connection,
  sourceRef: { hostId: number; sourceId: number },
  range: { from: number; to: number },
  ids: number[],
  resolution: Resolution,
): Promise<void> {
  const mostFrames = Math.floor(MAX_SAMPLES / ids.length);
  const [frames, compacted] = await Promise.all([
    countFrames(db, { ...sourceRef, ...range }, mostFrames + 1),
    countChunkRows(db, sourceRef.hostId, ids, resolution, range),
  ]);
  if (frames * ids.length + compacted <= MAX_SAMPLES) return;
  throw problem(
    "too-costly",
    "from",
    `More than ${MAX_SAMPLES} samples to read: ask for a shorter range, fewer series or a longer step`,
  );
}
