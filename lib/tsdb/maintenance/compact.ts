import type { Connection, Database } from "#lib/db/client.ts";
import { defineMetric, type Kind } from "#lib/metrics/catalogue.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { lastSealed, readSegments, type SegmentRow, writeSegments } from "#lib/tsdb/chunks/chunk-rows.ts";
import {
  columnOf,
  decodeBuckets,
  decodeSeries,
  encodeBuckets,
  encodeSeries,
  mergeSeries,
  type Series,
  summarise,
} from "#lib/tsdb/chunks/chunks.ts";
import { HOURS, MINUTES, RAW, spanStart, TIERS, type Tier } from "#lib/tsdb/chunks/resolution.ts";
import { type Bucket, foldBuckets, foldSamples } from "#lib/tsdb/chunks/rollup.ts";
import { takeFrames } from "#lib/tsdb/maintenance/take-frames.ts";

/** Frames may come this much after the end of their span without it having to be opened again. */
const GRACE_MS = 10 * MINUTE_MS;
const TRANSACTION = { timeout: 120_000, maxWait: 30_000 };

export type Sealed = { frames: number; samples: number; segments: number };
type Span = { hostId: number; sourceId: number; from: number; to: number };

const NOTHING: Sealed = { frames: 0, samples: 0, segments: 0 };

/**
 * Seals one span of one source: its frames become segments of all tiers, in one transaction. A kill at any point leaves
 * either the frames or the segments. Another worker that seals for the same source at the same time makes this one do nothing. Frames
 * that came after their span was sealed are merged into its segments; at one instant the later one counts. Those that
 * are older than samples are kept (`keptFrom`, ms since the epoch) are dropped.
 */
export function sealSpan(
  db: Database,
  hostId: number,
  sourceId: number,
  start: number,
  keptFrom = Number.NEGATIVE_INFINITY,
): Promise<Sealed> {
  return db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<
      { mine: boolean }[]
    >`SELECT pg_try_advisory_xact_lock(${hostId}::int, ${sourceId}::int) AS mine`;
    if (!lock?.mine) return NOTHING;
    const span = { hostId, sourceId, from: start, to: start + TIERS[RAW].spanMs };
    const { frames, blocks } = await takeFrames(tx, hostId, sourceId, span.from, span.to);
    if (frames === 0) return NOTHING;
    // Its samples are gone: these alone would take the place of what is kept of its minutes.
    if (start < keptFrom) return { ...NOTHING, frames };
    return { ...(await storeBlocks(tx, span, blocks)), frames };
  }, TRANSACTION);
}

async function storeBlocks(tx: Connection, span: Span, blocks: Map<number, Series>[]): Promise<Omit<Sealed, "frames">> {
  const fresh = joinBlocks(blocks);
  const seriesIds = [...fresh.keys()];
  const kinds = await readKinds(tx, span.hostId, seriesIds);
  const stored = await readSegments(tx, span.hostId, seriesIds, RAW, span);
  const before = await lastSealed(tx, span.hostId, seriesIds, span.from);
  for (const { seriesId, data } of stored) {
    fresh.set(seriesId, mergeSeries(decodeSeries(data), fresh.get(seriesId) as Series));
  }
  const rows: SegmentRow[] = [];
  const minutes = new Map<number, Bucket[]>();
  for (const [seriesId, series] of fresh) {
    rows.push({ seriesId, tier: RAW, start: span.from, ...summarise(series.values), data: encodeSeries(series) });
    const range = { stepMs: TIERS[MINUTES].stepMs, from: span.from, to: span.to };
    minutes.set(seriesId, foldSamples(series, range, kinds.get(seriesId) ?? "gauge", before.get(seriesId)));
  }
  const hours = new Map([...minutes].map(([id, buckets]) => [id, foldBuckets(buckets, TIERS[HOURS])]));
  rows.push(...(await tierRows(tx, span, MINUTES, minutes, kinds)), ...(await tierRows(tx, span, HOURS, hours, kinds)));
  await writeSegments(tx, span.hostId, rows);
  const samples = blocks.reduce((sum, block) => sum + [...block.values()].reduce((n, s) => n + s.times.length, 0), 0);
  return { samples, segments: rows.length };
}

/** One run of samples a series out of the blocks of several layouts. */
function joinBlocks(blocks: Map<number, Series>[]): Map<number, Series> {
  const joined = new Map<number, Series>();
  for (const block of blocks) {
    for (const [seriesId, series] of block) {
      if (series.times.length === 0) continue;
      const other = joined.get(seriesId);
      joined.set(seriesId, other ? mergeSeries(other, series) : series);
    }
  }
  return joined;
}

async function readKinds(tx: Connection, hostId: number, seriesIds: number[]): Promise<Map<number, Kind>> {
  const rows = await tx.series.findMany({
    where: { hostId, id: { in: seriesIds } },
    select: { id: true, metric: true },
  });
  return new Map(rows.map(({ id, metric }) => [id, defineMetric(metric).kind]));
}

/** The segments of a coarser tier with the span's part of them replaced. */
async function tierRows(
  tx: Connection,
  span: Span,
  tier: Tier,
  fresh: Map<number, Bucket[]>,
  kinds: Map<number, Kind>,
): Promise<SegmentRow[]> {
  const start = spanStart(span.from, tier);
  const stored = await readSegments(tx, span.hostId, [...fresh.keys()], tier, { from: start, to: start + 1 });
  const old = new Map(stored.map(({ seriesId, data }) => [seriesId, decodeBuckets(data)]));
  return [...fresh].flatMap(([seriesId, buckets]) => {
    const kept = old.get(seriesId) ?? [];
    const all = [...kept.filter((b) => b.start < span.from), ...buckets, ...kept.filter((b) => b.start >= span.to)];
    if (all.length === 0) return [];
    const data = encodeBuckets(all, kinds.get(seriesId) ?? "gauge");
    return [{ seriesId, tier, start, ...summarise(columnOf(all, (b) => b.sum / b.weight)), data }];
  });
}

/** Seals every span that ended long enough before `now`, oldest first, until none is left or `stop` says so. */
export async function sealDue(
  db: Database,
  now: number,
  options: { keptFrom?: number; stop?: () => boolean } = {},
): Promise<Sealed> {
  const total = { ...NOTHING };
  const limit = spanStart(now - GRACE_MS, RAW);
  for (const { hostId, sourceId, start } of await dueSpans(db, limit)) {
    if (options.stop?.()) break;
    const sealed = await sealSpan(db, hostId, sourceId, start, options.keptFrom);
    total.frames += sealed.frames;
    total.samples += sealed.samples;
    total.segments += sealed.segments;
  }
  return total;
}

/** Spans that hold frames from before `limit` (ms since the epoch). */
async function dueSpans(db: Database, limit: number): Promise<{ hostId: number; sourceId: number; start: number }[]> {
  const spanSeconds = TIERS[RAW].spanMs / 1000;
  return db.$queryRaw`
    SELECT DISTINCT host_id AS "hostId", source_id AS "sourceId",
           (floor(extract(epoch FROM at) / ${spanSeconds}::int) * ${spanSeconds}::int * 1000)::float8 AS start
    FROM frame WHERE at < ${new Date(limit)} ORDER BY start, host_id, source_id`;
}
