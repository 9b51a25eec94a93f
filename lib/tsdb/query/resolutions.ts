import type { Resolution } from "#lib/contract/enums.ts";
import type { Reader } from "#lib/db/reading.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog/series.ts";
import { readChunks, readLastSamples } from "#lib/tsdb/chunks/chunk-rows.ts";
import {
  concatenate,
  decodeBuckets,
  decodeSamples,
  EMPTY_SAMPLES as EMPTY,
  mergeSamples,
  type SampleColumns,
  within,
} from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { type Bucket, type Grid, type LastSample, rollupBuckets, rollupSamples } from "#lib/tsdb/chunks/rollup.ts";
import { keyOf, readTails } from "#lib/tsdb/query/frame-runs.ts";

type SourceKey = { hostId: number; sourceId: number };
type Range = { from: number; to: number };

/** A resolution serves steps that are whole multiples of its own, over a span long enough for its edges not to matter. */
const LEAST_STEPS = 30;

/** The coarsest resolution that gives the same steps as the samples would. */
export function chooseResolution({ from, to, stepMs, zone = [] }: Range & Grid): Resolution {
  const serves = (resolution: Resolution) => {
    const step = RESOLUTIONS[resolution].stepMs;
    const fits = stepMs % step === 0 && zone.every(({ offsetMs }) => offsetMs % step === 0);
    return fits && (to - from) / step >= LEAST_STEPS;
  };
  return (["hour", "minute"] as const).find(serves) ?? "raw";
}

/** What is not compacted yet, by series. */
async function readTail(
  db: Reader,
  { hostId, sourceId }: SourceKey,
  range: Range,
  ids: number[],
): Promise<Map<number, SampleColumns>> {
  const tails = await readTails(
    db,
    ids.map((id) => ({ hostId, sourceId, id })),
    range,
  );
  return new Map(ids.map((id) => [id, tails.get(keyOf(hostId, id)) ?? EMPTY]));
}

/** All samples of [from, to) by series, oldest first, compacted or not. */
export async function readSamples(
  db: Reader,
  source: SourceKey,
  range: Range,
  ids: number[],
): Promise<Map<number, SampleColumns>> {
  const reach = { from: chunkStart(range.from, "raw"), to: range.to };
  const [chunks, tail] = await Promise.all([
    readChunks(db, source.hostId, ids, "raw", reach),
    readTail(db, source, range, ids),
  ]);
  const compacted = new Map<number, SampleColumns[]>();
  for (const { seriesId, data } of chunks) {
    const list = compacted.get(seriesId) ?? [];
    list.push(within(decodeSamples(data), range));
    compacted.set(seriesId, list);
  }
  return new Map(ids.map((id) => [id, mergeSamples(concatenate(compacted.get(id) ?? []), tail.get(id) ?? EMPTY)]));
}

/** Steps of a coarser resolution, with rollups of the tail, by series. */
async function readSteps(
  db: Reader,
  source: SourceKey,
  range: Range,
  series: SeriesInfo[],
  resolution: Resolution,
): Promise<Map<number, Bucket[]>> {
  const ids = series.map((s) => s.id);
  const { stepMs } = RESOLUTIONS[resolution];
  const [chunks, tail] = await Promise.all([
    readChunks(db, source.hostId, ids, resolution, { from: chunkStart(range.from, resolution), to: range.to }),
    readTail(db, source, range, ids),
  ]);
  const tailFrom = Math.min(...[...tail.values()].map(({ times }) => times[0] ?? Number.POSITIVE_INFINITY));
  const last = Number.isFinite(tailFrom)
    ? await readLastSamples(db, source.hostId, ids, tailFrom)
    : new Map<number, LastSample>();
  const steps = new Map<number, Bucket[]>(ids.map((id) => [id, []]));
  for (const { seriesId, data } of chunks) {
    for (const bucket of decodeBuckets(data)) {
      if (bucket.start >= range.from && bucket.start < range.to) steps.get(seriesId)?.push(bucket);
    }
  }
  for (const { id, kind } of series) {
    const fresh = rollupSamples(tail.get(id) ?? EMPTY, { ...range, stepMs }, kind, last.get(id));
    if (fresh.length === 0) continue;
    // Its steps may be compacted in part, and a late frame's lies among them.
    const all = [...(steps.get(id) ?? []), ...fresh].sort((a, b) => a.start - b.start);
    steps.set(id, rollupBuckets(all, { stepMs }));
  }
  return steps;
}

/** Buckets of a range by series, and of which resolutions they were made. */
export type ReadBuckets = { buckets: Map<number, Bucket[]>; resolutions: Resolution[] };

/** What stands in where a resolution is not kept any more. */
const COARSER: Record<Resolution, Exclude<Resolution, "raw">[]> = {
  raw: ["minute", "hour"],
  minute: ["hour"],
  hour: [],
};

/** The earliest of some instants (ms); undefined of none. */
export const earliestOf = (instants: number[]): number | undefined =>
  instants.length > 0 ? Math.min(...instants) : undefined;

const firstStart = (buckets: Map<number, Bucket[]>): number | undefined =>
  earliestOf([...buckets.values()].flatMap(([bucket]) => (bucket ? [bucket.start] : [])));

const startOf = (at: number, stepMs: number): number => Math.floor(at / stepMs) * stepMs;

/** Since when (ms) a resolution of series is kept, frames included; undefined where nothing of it is. */
async function keptFrom(
  db: Reader,
  { hostId, sourceId }: SourceKey,
  ids: number[],
  resolution: Resolution,
): Promise<number | undefined> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT least(
      (SELECT min(c.start) FROM unnest(${ids}::int[]) AS s (id) CROSS JOIN LATERAL (
        SELECT start FROM chunk WHERE host_id = ${hostId} AND series_id = s.id AND resolution = ${RESOLUTIONS[resolution].code}
        ORDER BY start LIMIT 1) c),
      (SELECT at FROM frame WHERE host_id = ${hostId} AND source_id = ${sourceId} ORDER BY at LIMIT 1)
    ) AS at`;
  return row?.at?.getTime();
}

/**
 * What coarser resolutions still have of the part of a range that is older than what is kept of the one asked for. Where that is kept and has
 * nothing, nothing was measured: no coarser step may hide the gap. `first` (ms) is where the range's own data begins, undefined without any. Each
 * bucket at its own step, oldest first; one that begins before the range stands at its start.
 */
export async function readOlder(
  db: Reader,
  source: SourceKey,
  range: Range,
  series: SeriesInfo[],
  { first, than }: { first: number | undefined; than: Resolution },
): Promise<ReadBuckets> {
  const older: ReadBuckets = { buckets: new Map(series.map(({ id }) => [id, []])), resolutions: [] };
  const ids = series.map(({ id }) => id);
  let [finer, begin] = [than, first ?? Number.POSITIVE_INFINITY];
  for (const resolution of COARSER[than]) {
    const { stepMs } = RESOLUTIONS[resolution];
    if (begin <= range.from + stepMs) break;
    begin = Math.min(begin, (await keptFrom(db, source, ids, finer)) ?? Number.POSITIVE_INFINITY);
    finer = resolution;
    if (begin <= range.from) break;
    const from = startOf(range.from, stepMs);
    const to = begin >= range.to ? startOf(range.to - 1, stepMs) + stepMs : startOf(begin, stepMs);
    const steps = await readSteps(db, source, { from, to }, series, resolution);
    for (const [id, buckets] of steps) {
      const own = buckets
        .filter((bucket) => bucket.start + stepMs <= to)
        .map((bucket, n, all) => ({
          ...bucket,
          start: Math.max(bucket.start, range.from),
          // A gap within one hides in its average, also where steps are shorter than it.
          gap: bucket.gap && bucket.start - (all[n - 1]?.start ?? bucket.start) > stepMs,
        }));
      older.buckets.set(id, [...own, ...(older.buckets.get(id) ?? [])]);
    }
    const earliest = firstStart(older.buckets);
    if (earliest === undefined) continue;
    older.resolutions.push(resolution);
    begin = earliest;
  }
  return older;
}

/** Steps of a range of the resolution that gives them exactly, as far as it is kept. */
async function readWanted(
  db: Reader,
  source: SourceKey,
  range: Range & Grid,
  series: SeriesInfo[],
  { resolution, lookBackMs }: { resolution: Resolution; lookBackMs: number },
): Promise<Map<number, Bucket[]>> {
  if (resolution !== "raw") return readSteps(db, source, range, series, resolution);
  const ids = series.map((s) => s.id);
  const samples = await readSamples(db, source, { from: range.from - lookBackMs, to: range.to }, ids);
  return new Map(series.map(({ id, kind }) => [id, rollupSamples(samples.get(id) ?? EMPTY, range, kind)]));
}

/** What was kept of each step of a range, by series: from the coarsest resolution that gives it exactly, and where that is gone from a coarser one. */
export async function readBuckets(
  db: Reader,
  source: SourceKey,
  range: Range & Grid,
  series: SeriesInfo[],
  lookBackMs: number,
): Promise<ReadBuckets> {
  const resolution = chooseResolution(range);
  const wanted = await readWanted(db, source, range, series, { resolution, lookBackMs });
  const first = firstStart(wanted);
  const older = await readOlder(db, source, range, series, { first, than: resolution });
  const fold = (buckets: Bucket[]) =>
    range.stepMs === RESOLUTIONS[resolution].stepMs && !range.zone && older.resolutions.length === 0
      ? buckets
      : rollupBuckets(buckets, range);
  return {
    buckets: new Map(series.map(({ id }) => [id, fold([...(older.buckets.get(id) ?? []), ...(wanted.get(id) ?? [])])])),
    resolutions: [...(first === undefined ? [] : [resolution]), ...older.resolutions],
  };
}
