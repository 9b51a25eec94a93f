import type { Aggregate, MetricKind, Resolution } from "#lib/contract/enums.ts";
import type { Reader } from "#lib/db/reading.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog/series.ts";
import { firstFrom, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import type { Grid } from "#lib/tsdb/chunks/grid.ts";
import { RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { eachSample, rollupSteps } from "#lib/tsdb/chunks/rollup.ts";
import { type Bucket, bucketsAt, foldSteps, joinSteps, type StepColumns, sliceSteps } from "#lib/tsdb/chunks/steps.ts";
import { type Fold, foldOf, needsSamples, type PointColumns } from "#lib/tsdb/query/fold.ts";
import { type Kept, readKept } from "#lib/tsdb/query/kept.ts";
import type { Range, SeriesKey } from "#lib/tsdb/query/series-key.ts";

type SourceKey = Omit<SeriesKey, "id">;

const EVER: Range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

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

const keysOf = ({ hostId, sourceId }: SourceKey, ids: readonly number[]): SeriesKey[] =>
  ids.map((id) => ({ hostId, sourceId, id }));

/** All samples of [from, to) by series, oldest first, compacted or not. */
export async function readSamples(
  db: Reader,
  source: SourceKey,
  range: Range,
  ids: number[],
): Promise<Map<number, SampleColumns>> {
  const kept = await readKept(db, keysOf(source, ids), range, "raw");
  return new Map(kept.map(({ run }, n) => [ids[n] as number, run]));
}

/** What is kept of a series in a coarser resolution: its chunks, and the steps of what is not compacted yet, which may lie among theirs. */
type KeptSteps = { chunks: StepColumns[]; fresh: StepColumns };

/** By series, and how far apart (ms) frames are meant to be. */
type ReadSteps = { steps: Map<number, KeptSteps>; intervalMs: number };

async function readKeptSteps(
  db: Reader,
  source: SourceKey,
  range: Range,
  series: SeriesInfo[],
  resolution: Resolution,
): Promise<ReadSteps> {
  const keys = keysOf(
    source,
    series.map(({ id }) => id),
  );
  const kept = await readKept(db, keys, range, resolution);
  const { stepMs } = RESOLUTIONS[resolution];
  const steps = series.map(({ id, kind }, n): [number, KeptSteps] => {
    const own = kept[n] as Kept;
    return [id, { chunks: own.steps, fresh: rollupSteps(own.run, { ...range, stepMs }, kind, own.last) }];
  });
  return { steps: new Map(steps), intervalMs: kept[0]?.intervalMs ?? 0 };
}

/** The steps of one series, those of its tail among the others: a late frame lies there. */
function bucketsOf({ chunks, fresh }: KeptSteps, { from, to }: Range, stepMs: number): Bucket[] {
  const kept = chunks.map((steps) => sliceSteps(steps, firstFrom(steps.times, from), firstFrom(steps.times, to)));
  return bucketsAt(foldSteps(joinSteps([...kept, fresh]), { stepMs }));
}

/** Whether all of the tail comes after the chunks, so that one follows the other. */
const follows = ({ chunks, fresh }: KeptSteps): boolean =>
  chunks.every(({ times }) => (times.at(-1) ?? 0) <= (fresh.times[0] ?? Number.POSITIVE_INFINITY));

/** Gives a fold of a series what was read of it. */
type Feed = { into(series: SeriesInfo, fold: Fold): void; intervalMs: number };

async function readStepFeed(
  db: Reader,
  source: SourceKey,
  range: Range,
  series: SeriesInfo[],
  resolution: Resolution,
): Promise<Feed> {
  const { steps, intervalMs } = await readKeptSteps(db, source, range, series, resolution);
  return {
    intervalMs,
    into({ id }, fold) {
      const kept = steps.get(id) as KeptSteps;
      if (!follows(kept)) {
        for (const bucket of bucketsOf(kept, range, RESOLUTIONS[resolution].stepMs)) fold.bucket(bucket);
        return;
      }
      for (const chunk of kept.chunks) fold.steps(chunk, range);
      fold.steps(kept.fresh, EVER);
    },
  };
}

async function readSampleFeed(
  db: Reader,
  source: SourceKey,
  range: Range,
  series: SeriesInfo[],
  lookBackMs: number,
): Promise<Feed> {
  const keys = keysOf(
    source,
    series.map(({ id }) => id),
  );
  const kept = await readKept(db, keys, { from: range.from - lookBackMs, to: range.to }, "raw");
  const runs = new Map(series.map(({ id }, n) => [id, (kept[n] as Kept).run]));
  return {
    intervalMs: kept[0]?.intervalMs ?? 0,
    into: ({ id, kind }, fold) =>
      eachSample(runs.get(id) as SampleColumns, range, { kind, take: (block) => fold.samples(block) }),
  };
}

/** What coarser resolutions have of a range, by series. */
type OlderBuckets = { buckets: Map<number, Bucket[]>; resolutions: Exclude<Resolution, "raw">[] };

/** What stands in where a resolution is not kept any more. */
const COARSER: Record<Resolution, Exclude<Resolution, "raw">[]> = {
  raw: ["minute", "hour"],
  minute: ["hour"],
  hour: [],
};

/** The earliest of some instants (ms); undefined of none. */
const earliestOf = (instants: number[]): number | undefined =>
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
async function readOlder(
  db: Reader,
  source: SourceKey,
  range: Range,
  series: SeriesInfo[],
  { first, than }: { first: number | undefined; than: Resolution },
): Promise<OlderBuckets> {
  const older: OlderBuckets = { buckets: new Map(series.map(({ id }) => [id, []])), resolutions: [] };
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
    const { steps } = await readKeptSteps(db, source, { from, to }, series, resolution);
    for (const id of ids) {
      const own = bucketsOf(steps.get(id) as KeptSteps, { from, to }, stepMs)
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

/** Points of a range by series, of which resolutions they were made, and how far apart (ms) the newest frames are meant to be. */
export type ReadPoints = { points: Map<number, PointColumns>; resolutions: Resolution[]; intervalMs: number };

/**
 * What was kept of each step of a range as points: from the coarsest resolution that gives them exactly, and where that is gone from a coarser one. Quantiles need
 * samples; where only rollups are left they are those of their means, as `resolutions` says. `lookBackMs` is how far before the range samples are read.
 */
export async function readPoints(
  db: Reader,
  source: SourceKey,
  range: Range & Grid,
  series: SeriesInfo[],
  { aggregateOf, lookBackMs }: { aggregateOf: (kind: MetricKind) => Aggregate; lookBackMs: number },
): Promise<ReadPoints> {
  const resolution = series.some(({ kind }) => needsSamples(aggregateOf(kind))) ? "raw" : chooseResolution(range);
  const feed = await (resolution === "raw"
    ? readSampleFeed(db, source, range, series, lookBackMs)
    : readStepFeed(db, source, range, series, resolution));
  const foldAll = (older?: Map<number, Bucket[]>) =>
    series.map((own): [number, Fold] => {
      const fold = foldOf(range, aggregateOf(own.kind));
      for (const bucket of older?.get(own.id) ?? []) fold.bucket(bucket);
      feed.into(own, fold);
      return [own.id, fold];
    });
  let folds = foldAll();
  const first = earliestOf(folds.flatMap(([, fold]) => fold.first ?? []));
  const older = await readOlder(db, source, range, series, { first, than: resolution });
  if (older.resolutions.length > 0) folds = foldAll(older.buckets);
  return {
    points: new Map(folds.map(([id, fold]) => [id, fold.done()])),
    resolutions: [...(first === undefined ? [] : [resolution]), ...older.resolutions],
    intervalMs: feed.intervalMs,
  };
}
