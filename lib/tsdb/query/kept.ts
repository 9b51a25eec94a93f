import type { Resolution } from "#lib/contract/enums.ts";
import type { Reader } from "#lib/db/reading.ts";
import { HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";
import { Turn } from "#lib/time/turn.ts";
import { readLastSamples } from "#lib/tsdb/chunks/chunk-rows.ts";
import {
  concatenate,
  decodeSamples,
  decodeSteps,
  EMPTY_SAMPLES,
  mergeSamples,
  type SampleColumns,
  within,
} from "#lib/tsdb/chunks/chunks.ts";
import { RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import type { LastSample } from "#lib/tsdb/chunks/rollup.ts";
import type { StepColumns } from "#lib/tsdb/chunks/steps.ts";
import { between, GrowingRun } from "#lib/tsdb/held/growing-run.ts";
import { type HeldRead, heldSeries } from "#lib/tsdb/held/held-series.ts";
import { keyOf, type Range, type SeriesKey } from "#lib/tsdb/query/series-key.ts";
import { readStored, type Stored } from "#lib/tsdb/query/stored-rows.ts";

/**
 * What is kept of a series in a range. Of raw samples `run` has them all, oldest first. Of a coarser resolution `steps` has the chunks that reach into the range, `run` the
 * samples that are not compacted yet, and `last` the compacted sample before these.
 */
export type Kept = {
  run: SampleColumns;
  steps: StepColumns[];
  last: LastSample | undefined;
  /** How far apart the newest frames of the source are meant to be, ms; 0 where there are none. */
  intervalMs: number;
};

/** After all frames. */
const END = Date.UTC(9999, 0);
/** A range that ends longer ago (ms) is read as it is: what is held reaches up to now. */
const RECENT_MS = 6 * HOUR_MS;
/** An older one is read up to now where that is at most so many times as long: who asks for a part of a long time asks for the others, too. */
const MOST_TIMES = 5;
/** And where it has at most so many steps, or samples, of which there may be one in so many ms. */
const MOST_STEPS = 200_000;
const SAMPLE_MS = 15 * SECOND_MS;

/** Whether what is read of a range is read up to now, and held. */
function isToBeHeld(count: number, { from, to }: Range, resolution: Resolution): boolean {
  const now = Date.now();
  if (to > now - RECENT_MS) return true;
  const stepMs = resolution === "raw" ? SAMPLE_MS : RESOLUTIONS[resolution].stepMs;
  return now - from <= MOST_TIMES * (to - from) && (count * (now - from)) / stepMs <= MOST_STEPS;
}

/** A raw series: chunks and frames together. */
function joined(chunks: Uint8Array[], frames: SampleColumns, range: Range): Pick<HeldRead, "run" | "joinedUntil"> {
  const compacted = concatenate(chunks.map((data) => within(decodeSamples(data), range)));
  const last = compacted.times.at(-1);
  return {
    run: new GrowingRun(mergeSamples(compacted, frames)),
    joinedUntil: last === undefined ? Number.NEGATIVE_INFINITY : last + 1,
  };
}

/** A coarser resolution. What comes among its steps, or first of its frames, changes what the others follow. */
function apart(
  chunks: Uint8Array[],
  frames: SampleColumns,
  stepMs: number,
): Pick<HeldRead, "run" | "steps" | "joinedUntil"> {
  const steps = chunks.map(decodeSteps);
  const stepsEnd = Math.max(Number.NEGATIVE_INFINITY, ...steps.map(({ times }) => (times.at(-1) ?? 0) + stepMs));
  return {
    run: new GrowingRun(frames),
    steps,
    joinedUntil: Math.max(stepsEnd, (frames.times[0] ?? Number.POSITIVE_INFINITY) + 1),
  };
}

/** Reads series from the database, in their order. */
async function readAnew(
  db: Reader,
  series: readonly SeriesKey[],
  range: Range,
  resolution: Resolution,
): Promise<HeldRead[]> {
  const stored = await readStored(db, series, range, resolution);
  const last = resolution === "raw" ? undefined : await readLast(db, series, stored);
  const turn = new Turn();
  const reads: HeldRead[] = [];
  for (const { hostId, sourceId, id } of series) {
    const key = keyOf(hostId, id);
    const [chunks, frames] = [stored.chunks.get(key) ?? [], stored.frames.get(key) ?? EMPTY_SAMPLES];
    reads.push({
      ...{ from: range.from, steps: [], last: last?.get(key), newest: stored.newest.get(keyOf(hostId, sourceId)) },
      ...(resolution === "raw" ? joined(chunks, frames, range) : apart(chunks, frames, RESOLUTIONS[resolution].stepMs)),
    });
    if (turn.isOver) await turn.end();
  }
  return reads;
}

/** The compacted samples before what is not compacted, by the keys of the series. */
async function readLast(
  db: Reader,
  series: readonly SeriesKey[],
  { frames }: Stored,
): Promise<Map<string, LastSample>> {
  const parts = [...Map.groupBy(series, ({ hostId, sourceId }) => keyOf(hostId, sourceId)).values()].map(
    async (own) => {
      const [{ hostId }] = own as [SeriesKey];
      const begin = Math.min(
        ...own.map(({ id }) => frames.get(keyOf(hostId, id))?.times[0] ?? Number.POSITIVE_INFINITY),
      );
      if (!Number.isFinite(begin)) return [];
      const ids = own.map(({ id }) => id);
      return [...(await readLastSamples(db, hostId, ids, begin))].map(
        ([id, last]) => [keyOf(hostId, id), last] as const,
      );
    },
  );
  return new Map((await Promise.all(parts)).flat());
}

type Stale = { own: SeriesKey; read: HeldRead; from: number };

/** Reads anew what came of series since they were read. */
async function refresh(db: Reader, stale: readonly Stale[], resolution: Resolution): Promise<void> {
  if (stale.length === 0) return;
  const keys = stale.map(({ own }) => ({ ...own, resolution }));
  const moment = heldSeries().momentOf(keys);
  const from = Math.min(...stale.map((each) => each.from));
  const stored = await readStored(
    db,
    stale.map(({ own }) => own),
    { from, to: END },
  );
  for (const [n, each] of stale.entries()) {
    const { hostId, sourceId, id } = each.own;
    const fresh = stored.frames.get(keyOf(hostId, id)) ?? EMPTY_SAMPLES;
    each.read.run.replace(each.from, between(fresh, { from: each.from, to: END }));
    each.read.newest = stored.newest.get(keyOf(hostId, sourceId));
    heldSeries().keep(keys[n] as (typeof keys)[number], each.read, moment);
  }
}

/** Reads series, or takes what is held of them and reads only what came since. */
async function readHeld(
  db: Reader,
  series: readonly SeriesKey[],
  { from, to }: Range,
  resolution: Resolution,
): Promise<HeldRead[]> {
  const reads = new Map<SeriesKey, HeldRead>();
  const [missing, stale]: [SeriesKey[], Stale[]] = [[], []];
  for (const own of series) {
    const found = heldSeries().find({ ...own, resolution }, from);
    const newest = found?.entry.newest;
    // Who asks beyond the newest frame may know of a newer one before its notice comes.
    const newerFrom = newest && newest.at + 1 < to ? newest.at + 1 : Number.POSITIVE_INFINITY;
    if (!found || !newest || newerFrom < found.entry.joinedUntil) {
      missing.push(own);
      continue;
    }
    const { entry: read, staleFrom } = found;
    reads.set(own, read);
    const readFrom = Math.max(Math.min(staleFrom, newerFrom), read.from);
    if (readFrom < to) stale.push({ own, read, from: readFrom });
  }
  const [fresh] = await Promise.all([
    readMissing(db, missing, { from, to }, resolution),
    refresh(db, stale, resolution),
  ]);
  for (const [n, read] of fresh.entries()) reads.set(missing[n] as SeriesKey, read);
  return series.map((own) => reads.get(own) as HeldRead);
}

/** Reads series of which nothing is held, and holds them where they are to be. */
async function readMissing(
  db: Reader,
  series: readonly SeriesKey[],
  range: Range,
  resolution: Resolution,
): Promise<HeldRead[]> {
  if (series.length === 0) return [];
  if (!isToBeHeld(series.length, range, resolution)) return readAnew(db, series, range, resolution);
  const keys = series.map((own) => ({ ...own, resolution }));
  const moment = heldSeries().momentOf(keys);
  const reads = await readAnew(db, series, { from: range.from, to: END }, resolution);
  for (const [n, key] of keys.entries()) heldSeries().keep(key, reads[n] as HeldRead, moment);
  return reads;
}

/** Raw samples that were read at once, by the keys of their series. */
type Ahead = { range: Range; reads: Map<string, HeldRead> };

const ahead = new WeakMap<Reader, Ahead>();

/**
 * Reads raw samples of a host's series in a range at once. `db` of the answer reads parts of it without asking the database again, as they were now; `intervals` says how
 * far apart (ms) the newest frames of their sources are meant to be, by the id of the source: 0 where there are none.
 */
export async function readAhead(
  db: Reader,
  series: readonly SeriesKey[],
  range: Range,
): Promise<{ db: Reader; intervals: Map<number, number> }> {
  const reads = await readAnew(db, series, range, "raw");
  const reader: Reader = { isApart: true, $queryRaw: (query, ...values) => db.$queryRaw(query, ...values) };
  ahead.set(reader, {
    range,
    reads: new Map(series.map(({ hostId, id }, n) => [keyOf(hostId, id), reads[n] as HeldRead])),
  });
  return {
    db: reader,
    intervals: new Map(series.map(({ sourceId }, n) => [sourceId, reads[n]?.newest?.intervalMs ?? 0])),
  };
}

/** What was read ahead of series; undefined unless all of it was. */
function takeAhead(db: Reader, series: readonly SeriesKey[], { from, to }: Range): HeldRead[] | undefined {
  const early = ahead.get(db);
  if (!early || from < early.range.from || to > early.range.to) return undefined;
  const reads = series.flatMap(({ hostId, id }) => early.reads.get(keyOf(hostId, id)) ?? []);
  return reads.length === series.length ? reads : undefined;
}

/** What is kept of series of any hosts in a range, compacted or not, in the order of the series. NaNs keep their bits. */
export async function readKept(
  db: Reader,
  series: readonly SeriesKey[],
  range: Range,
  resolution: Resolution,
): Promise<Kept[]> {
  if (series.length === 0) return [];
  const mayHold = db.isApart === true && heldSeries().isNotified;
  const early = resolution === "raw" ? takeAhead(db, series, range) : undefined;
  const reads = early ?? (await (mayHold ? readHeld : readAnew)(db, series, range, resolution));
  return reads.map(({ run, steps, last, newest }) => ({
    run: between(run.columns, range),
    steps,
    last,
    intervalMs: newest?.intervalMs ?? 0,
  }));
}
