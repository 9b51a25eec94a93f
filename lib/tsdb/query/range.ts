import {
  type Aggregate,
  type Combine,
  MAX_POINTS,
  MAX_SERIES,
  type MetricKind,
  RESOLUTION_NAMES,
  type Resolution,
} from "#lib/contract/enums.ts";
import type { Reader } from "#lib/db/reading.ts";
import { DomainError } from "#lib/errors.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { zonePieces } from "#lib/time/zone.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog/series.ts";
import { countChunkRows } from "#lib/tsdb/chunks/chunk-rows.ts";
import type { Grid } from "#lib/tsdb/chunks/grid.ts";
import { roundStep } from "#lib/tsdb/query/bucket.ts";
import { groupBy, lttb, shift, top } from "#lib/tsdb/query/downsample.ts";
import { columnsOf, needsSamples, type Point, type PointColumns, pointsOf } from "#lib/tsdb/query/fold.ts";
import { countFrames } from "#lib/tsdb/query/frames.ts";
import { chooseResolution, readPoints } from "#lib/tsdb/query/resolutions.ts";
import { mostSamples } from "#lib/tsdb/query/samples.ts";
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

type ReadSeries = Pick<SeriesInfo, "id" | "metric" | "labels" | "name" | "unit" | "kind"> & {
  /** How far apart the newest samples are meant to be, in ms. */
  intervalMs: number;
};
export type SeriesPoints = ReadSeries & { points: Point[] };
type SeriesColumns = ReadSeries & { points: PointColumns };
/** `resolutions` are those that the points were made of: coarser ones stand in where finer ones are not kept any more. */
export type RangeResult<S = SeriesPoints> = {
  from: number;
  to: number;
  stepMs: number;
  resolutions: Resolution[];
  series: S[];
};

/** What one query may read: some 0.5 s and 100 MB. */
const MAX_SAMPLES = 3_000_000;
const DEFAULT_POINTS = 300;
/** How far before the range a counter's first rate may reach. */
export const LOOK_BACK_MS = 10 * MINUTE_MS;

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

const withPoints = (series: SeriesColumns): SeriesPoints => ({ ...series, points: pointsOf(series.points) });

/** Reads a range of series as points a step apart. @throws DomainError validation, not-found, too-costly */
export async function queryRange(db: Reader, query: RangeQuery): Promise<RangeResult> {
  const { series, ...rest } = await queryColumns(db, query);
  return { ...rest, series: series.map(withPoints) };
}

/** As queryRange, its points as columns. @throws DomainError validation, not-found, too-costly */
export async function queryColumns(db: Reader, query: RangeQuery): Promise<RangeResult<SeriesColumns>> {
  const shiftMs = query.shiftMs ?? 0;
  const points = query.points ?? DEFAULT_POINTS;
  const detail = query.shape ? Math.min(points * SHAPE_DETAIL, MAX_POINTS) : points;
  const read = { ...query, points: detail, from: query.from - shiftMs, to: query.to - shiftMs };
  const grid = {
    stepMs: chooseStep(read),
    ...(query.zone ? { zone: zonePieces(query.zone, read.from, read.to) } : {}),
  };
  const { series, resolutions } = await readSeries(db, read, grid);
  const grouped = query.by
    ? groupBy(series.map(withPoints), query.by, query.combine ?? "sum").map(withColumns)
    : series;
  const chosen = query.top ? top(grouped, query.top) : grouped;
  const finish = (own: PointColumns) => shift(query.shape ? columnsOf(lttb(pointsOf(own), points)) : own, shiftMs);
  return {
    from: query.from,
    to: query.to,
    stepMs: grid.stepMs,
    resolutions,
    series: chosen.map((s) => ({ ...s, points: finish(s.points) })),
  };
}

const withColumns = (series: SeriesPoints): SeriesColumns => ({ ...series, points: columnsOf(series.points) });

/** What a series is read as where nothing is asked for. */
const usual = (kind: MetricKind): Aggregate => (isCumulative(kind) ? "rate" : "avg");

async function readSeries(
  db: Reader,
  query: RangeQuery,
  grid: Grid,
): Promise<{ series: SeriesColumns[]; resolutions: Resolution[] }> {
  const { hostId, from, to, aggregate } = query;
  const chosen = await findSeries(db, hostId, query.series);
  if (chosen.length > MAX_SERIES) {
    throw problem("too-costly", "series", `${chosen.length} series: ask for at most ${MAX_SERIES} at once`);
  }
  await assertAffordable(db, query, grid, chosen);
  const bySource = Map.groupBy(chosen, (series) => series.sourceId);
  const how = { aggregateOf: (kind: MetricKind) => aggregate ?? usual(kind), lookBackMs: LOOK_BACK_MS };
  const parts = await Promise.all(
    [...bySource].map(async ([sourceId, series]) => {
      const read = await readPoints(db, { hostId, sourceId }, { from, to, ...grid }, series, how);
      return { sourceId, ...read };
    }),
  );
  const intervals = new Map(parts.map(({ sourceId, intervalMs }) => [sourceId, intervalMs]));
  const points = new Map(parts.flatMap((part) => [...part.points]));
  const used = new Set(parts.flatMap((part) => part.resolutions));
  const series = chosen.map(({ id, sourceId, metric, labels, name, unit, kind }) => ({
    id,
    metric,
    labels,
    name,
    unit,
    kind,
    intervalMs: intervals.get(sourceId) ?? 0,
    points: points.get(id) ?? { times: [], values: [] },
  }));
  return { series, resolutions: RESOLUTION_NAMES.filter((resolution) => used.has(resolution)) };
}

/** Counts the samples that would be read, where they could be too many. @throws DomainError too-costly */
async function assertAffordable(
  db: Reader,
  { hostId, from, to, aggregate }: RangeQuery,
  grid: Grid,
  series: SeriesInfo[],
): Promise<void> {
  const range = { from: from - LOOK_BACK_MS, to };
  if (mostSamples(series.length, range) <= MAX_SAMPLES) return;
  const resolution = aggregate && needsSamples(aggregate) ? "raw" : chooseResolution({ from, to, ...grid });
  const counts = [...Map.groupBy(series, ({ sourceId }) => sourceId)].map(async ([sourceId, own]) => {
    const ids = own.map(({ id }) => id);
    const [frames, compacted] = await Promise.all([
      countFrames(db, { hostId, sourceId, ...range }, Math.floor(MAX_SAMPLES / ids.length) + 1),
      countChunkRows(db, hostId, ids, resolution, range),
    ]);
    return frames * ids.length + compacted;
  });
  if ((await Promise.all(counts)).every((count) => count <= MAX_SAMPLES)) return;
  throw problem(
    "too-costly",
    "from",
    `More than ${MAX_SAMPLES} samples to read: ask for a shorter range, fewer series or a longer step`,
  );
}
