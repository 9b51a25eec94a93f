import type { Connection } from "#lib/db/client.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog/series.ts";
import { lastSealed, readSegments } from "#lib/tsdb/chunks/chunk-rows.ts";
import { decodeBuckets, decodeSeries, mergeSeries, type Series } from "#lib/tsdb/chunks/chunks.ts";
import { HOURS, MINUTES, RAW, spanStart, TIERS, type Tier } from "#lib/tsdb/chunks/resolution.ts";
import { type Bucket, foldBuckets, foldSamples, type Grid, type LastSample } from "#lib/tsdb/chunks/rollup.ts";

import { type Block, readColumns } from "#lib/tsdb/query/frames.ts";

type Place = { hostId: number; sourceId: number };
type Range = { from: number; to: number };

/** A tier serves a step of which it is a whole part, over a span long enough for its edges not to matter. */
const LEAST_STEPS = 30;

/** The coarsest tier that gives the same steps as the samples would. */
export function chooseTier({ from, to, stepMs, offsetMs = 0 }: Range & Grid): Tier {
  const serves = (tier: Tier) => {
    const step = TIERS[tier].stepMs;
    return stepMs % step === 0 && offsetMs % step === 0 && (to - from) / step >= LEAST_STEPS;
  };
  return ([HOURS, MINUTES] as const).find(serves) ?? RAW;
}

const EMPTY: Series = { times: new Float64Array(), values: new Float64Array(), intervals: new Float64Array() };

function fromBlock({ times, values, intervalMs }: Block): Series {
  const places = times.map((_, i) => i).filter((i) => values[i] !== null);
  return {
    times: Float64Array.from(places, (i) => times[i] as number),
    values: Float64Array.from(places, (i) => values[i] as number),
    intervals: new Float64Array(places.length).fill(intervalMs),
  };
}

/** What is not sealed yet, by series. */
async function readTail(db: Connection, place: Place, range: Range, ids: number[]): Promise<Map<number, Series>> {
  const tail = new Map<number, Series>();
  for (const block of await readColumns(db, { ...place, ...range }, ids)) {
    tail.set(block.seriesId, mergeSeries(tail.get(block.seriesId) ?? EMPTY, fromBlock(block)));
  }
  return tail;
}

/** The part of a run in [from, to), on its own where it is not all: the rest need not be kept. */
function within(run: Series, { from, to }: Range): Series {
  const { times, values, intervals } = run;
  let [first, end] = [0, times.length];
  while (first < end && (times[first] as number) < from) first++;
  while (end > first && (times[end - 1] as number) >= to) end--;
  if (end - first === times.length) return run;
  return { times: times.slice(first, end), values: values.slice(first, end), intervals: intervals.slice(first, end) };
}

/** All samples of [from, to) by series, oldest first, sealed or not. */
export async function readSamples(
  db: Connection,
  place: Place,
  range: Range,
  ids: number[],
): Promise<Map<number, Series>> {
  const reach = { from: spanStart(range.from, RAW), to: range.to };
  const [segments, tail] = await Promise.all([
    readSegments(db, place.hostId, ids, RAW, reach),
    readTail(db, place, range, ids),
  ]);
  const sealed = new Map<number, Series[]>();
  for (const { seriesId, data } of segments) {
    const list = sealed.get(seriesId) ?? [];
    list.push(within(decodeSeries(data), range));
    sealed.set(seriesId, list);
  }
  return new Map(ids.map((id) => [id, mergeSeries(concatenate(sealed.get(id) ?? []), tail.get(id) ?? EMPTY)]));
}

/** Runs that follow one another as one. */
function concatenate(runs: Series[]): Series {
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

/** Steps of a coarser tier with the tail folded to its step, by series. */
async function readSteps(
  db: Connection,
  place: Place,
  range: Range,
  series: SeriesInfo[],
  tier: Tier,
): Promise<Map<number, Bucket[]>> {
  const ids = series.map((s) => s.id);
  const { stepMs } = TIERS[tier];
  const [segments, tail] = await Promise.all([
    readSegments(db, place.hostId, ids, tier, { from: spanStart(range.from, tier), to: range.to }),
    readTail(db, place, range, ids),
  ]);
  const tailFrom = Math.min(...[...tail.values()].map(({ times }) => times[0] ?? Number.POSITIVE_INFINITY));
  const last = Number.isFinite(tailFrom)
    ? await lastSealed(db, place.hostId, ids, tailFrom)
    : new Map<number, LastSample>();
  const steps = new Map<number, Bucket[]>(ids.map((id) => [id, []]));
  for (const { seriesId, data } of segments) {
    for (const bucket of decodeBuckets(data)) {
      if (bucket.start >= range.from && bucket.start < range.to) steps.get(seriesId)?.push(bucket);
    }
  }
  for (const { id, kind } of series) {
    const fresh = foldSamples(tail.get(id) ?? EMPTY, { ...range, stepMs }, kind, last.get(id));
    if (fresh.length === 0) continue;
    // Its steps may be sealed in part, and a late frame's lies among them.
    const all = [...(steps.get(id) ?? []), ...fresh].sort((a, b) => a.start - b.start);
    steps.set(id, foldBuckets(all, { stepMs }));
  }
  return steps;
}

/** What was kept of each step of a range, by series, from the coarsest tier that gives it exactly. */
export async function readBuckets(
  db: Connection,
  place: Place,
  range: Range & Grid,
  series: SeriesInfo[],
  lookBackMs: number,
): Promise<Map<number, Bucket[]>> {
  const tier = chooseTier(range);
  if (tier !== RAW) {
    const steps = await readSteps(db, place, range, series, tier);
    if (range.stepMs === TIERS[tier].stepMs) return steps;
    return new Map([...steps].map(([id, buckets]) => [id, foldBuckets(buckets, range)]));
  }
  const ids = series.map((s) => s.id);
  const samples = await readSamples(db, place, { from: range.from - lookBackMs, to: range.to }, ids);
  const older = await readOlder(db, place, range, series, samples);
  return new Map(
    series.map(({ id, kind }) => {
      const own = foldSamples(samples.get(id) ?? EMPTY, range, kind);
      return [id, [...(older.get(id) ?? []), ...own]];
    }),
  );
}

/** Where the samples of a range are no longer kept, its minutes stand in for them. */
async function readOlder(
  db: Connection,
  place: Place,
  range: Range,
  series: SeriesInfo[],
  samples: Map<number, Series>,
): Promise<Map<number, Bucket[]>> {
  const first = Math.min(...[...samples.values()].map(({ times }) => times[0] ?? range.to));
  if (first <= range.from + TIERS[MINUTES].stepMs) return new Map();
  const minute = TIERS[MINUTES].stepMs;
  const until = Math.min(Math.floor(first / minute) * minute, range.to);
  const minutes = await readSteps(db, place, { from: range.from, to: until }, series, MINUTES);
  return new Map([...minutes].map(([id, buckets]) => [id, buckets.filter((bucket) => bucket.start + minute <= until)]));
}
