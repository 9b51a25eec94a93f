import type { Resolution } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog/series.ts";
import { readChunks, readLastSamples } from "#lib/tsdb/chunks/chunk-rows.ts";
import { decodeBuckets, decodeSamples, mergeSamples, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { type Bucket, type Grid, type LastSample, rollupBuckets, rollupSamples } from "#lib/tsdb/chunks/rollup.ts";
import { type FrameColumn, readColumns } from "#lib/tsdb/query/frames.ts";

type SourceKey = { hostId: number; sourceId: number };
type Range = { from: number; to: number };

/** A resolution serves steps that are whole multiples of its own, over a span long enough for its edges not to matter. */
const LEAST_STEPS = 30;

/** The coarsest resolution that gives the same steps as the samples would. */
export function chooseResolution({ from, to, stepMs, offsetMs = 0 }: Range & Grid): Resolution {
  const serves = (resolution: Resolution) => {
    const step = RESOLUTIONS[resolution].stepMs;
    return stepMs % step === 0 && offsetMs % step === 0 && (to - from) / step >= LEAST_STEPS;
  };
  return (["hour", "minute"] as const).find(serves) ?? "raw";
}

const EMPTY: SampleColumns = { times: new Float64Array(), values: new Float64Array(), intervals: new Float64Array() };

function toSamples({ times, values, intervalMs }: FrameColumn): SampleColumns {
  const present = times.map((_, i) => i).filter((i) => values[i] !== null);
  return {
    times: Float64Array.from(present, (i) => times[i] as number),
    values: Float64Array.from(present, (i) => values[i] as number),
    intervals: new Float64Array(present.length).fill(intervalMs),
  };
}

/** What is not compacted yet, by series. */
async function readTail(
  db: Connection,
  source: SourceKey,
  range: Range,
  ids: number[],
): Promise<Map<number, SampleColumns>> {
  const tail = new Map<number, SampleColumns>();
  for (const block of await readColumns(db, { ...source, ...range }, ids)) {
    tail.set(block.seriesId, mergeSamples(tail.get(block.seriesId) ?? EMPTY, toSamples(block)));
  }
  return tail;
}

/** The part of a run in [from, to), on its own where it is not all: the rest need not be kept. */
function within(run: SampleColumns, { from, to }: Range): SampleColumns {
  const { times, values, intervals } = run;
  let [first, end] = [0, times.length];
  while (first < end && (times[first] as number) < from) first++;
  while (end > first && (times[end - 1] as number) >= to) end--;
  if (end - first === times.length) return run;
  return { times: times.slice(first, end), values: values.slice(first, end), intervals: intervals.slice(first, end) };
}

/** All samples of [from, to) by series, oldest first, compacted or not. */
export async function readSamples(
  db: Connection,
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

/** Runs that follow one another as one. */
function concatenate(runs: SampleColumns[]): SampleColumns {
  if (runs.length <= 1) return runs[0] ?? EMPTY;
  const length = runs.reduce((sum, run) => sum + run.times.length, 0);
  const all = {
    times: new Float64Array(length),
    values: new Float64Array(length),
    intervals: new Float64Array(length),
  };
  let at = 0;
  for (const run of runs) {
    all.times.set(run.times, at);
    all.values.set(run.values, at);
    all.intervals.set(run.intervals, at);
    at += run.times.length;
  }
  return all;
}

/** Steps of a coarser resolution, with rollups of the tail, by series. */
async function readSteps(
  db: Connection,
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

/** What was kept of each step of a range, by series, from the coarsest resolution that gives it exactly. */
export async function readBuckets(
  db: Connection,
  source: SourceKey,
  range: Range & Grid,
  series: SeriesInfo[],
  lookBackMs: number,
): Promise<Map<number, Bucket[]>> {
  const resolution = chooseResolution(range);
  if (resolution !== "raw") {
    const steps = await readSteps(db, source, range, series, resolution);
    if (range.stepMs === RESOLUTIONS[resolution].stepMs) return steps;
    return new Map([...steps].map(([id, buckets]) => [id, rollupBuckets(buckets, range)]));
  }
  const ids = series.map((s) => s.id);
  const samples = await readSamples(db, source, { from: range.from - lookBackMs, to: range.to }, ids);
  const older = await readOlder(db, source, range, series, samples);
  return new Map(
    series.map(({ id, kind }) => {
      const own = rollupSamples(samples.get(id) ?? EMPTY, range, kind);
      return [id, [...(older.get(id) ?? []), ...own]];
    }),
  );
}

/** Where the samples of a range are no longer kept, its minutes stand in for them. */
async function readOlder(
  db: Connection,
  source: SourceKey,
  range: Range,
  series: SeriesInfo[],
  samples: Map<number, SampleColumns>,
): Promise<Map<number, Bucket[]>> {
  const first = Math.min(...[...samples.values()].map(({ times }) => times[0] ?? range.to));
  if (first <= range.from + RESOLUTIONS.minute.stepMs) return new Map();
  const minute = RESOLUTIONS.minute.stepMs;
  const until = Math.min(Math.floor(first / minute) * minute, range.to);
  const minutes = await readSteps(db, source, { from: range.from, to: until }, series, "minute");
  return new Map([...minutes].map(([id, buckets]) => [id, buckets.filter((bucket) => bucket.start + minute <= until)]));
}
