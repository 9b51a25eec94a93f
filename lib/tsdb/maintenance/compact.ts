import type { MetricKind, Resolution } from "#lib/contract/enums.ts";
import { type BinaryTransaction, binaryTransaction, type Writer } from "#lib/db/binary-transaction.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { reader } from "#lib/db/reading.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { readKinds } from "#lib/tsdb/catalog/series.ts";
import { type ChunkRow, readChunksAt, readLastSamples, writeChunks } from "#lib/tsdb/chunks/chunk-rows.ts";
import { decodeSamples, encodeSamples, mergeSamples, type SampleColumns, summarise } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { type LastSample, rollupSteps } from "#lib/tsdb/chunks/rollup.ts";
import { foldSteps } from "#lib/tsdb/chunks/steps.ts";
import { CHUNK_CHANNEL } from "#lib/tsdb/held/held-series.ts";
import { joinParts, type Span, spanRow, stepStarts } from "#lib/tsdb/maintenance/chunks-of-steps.ts";
import {
  type DrainedSpan,
  drainFrames,
  drainFramesAtOnce,
  drainSlices,
  type SpanSize,
  sizeOfSpan,
} from "#lib/tsdb/maintenance/drain-frames.ts";

/** Frames may come this much after the end of their span without it having to be opened again. */
const GRACE_MS = 10 * MINUTE_MS;

/** So many values of a span are held at once, of 8 bytes each: those of 460 series at 5 s. */
const MOST_VALUES = 2_000_000;

type SpanOptions = {
  /** Samples from before it (ms since the epoch) are dropped. */
  keptFrom?: number | undefined;
  mostValues?: number;
};

export type Compacted = { frames: number; samples: number; chunks: number };

/** A raw chunk's span of a host that starts at an instant (ms). */
export const spanAt = (hostId: number, start: number): Span => ({
  hostId,
  from: start,
  to: start + RESOLUTIONS.raw.spanMs,
});

const SPAN_S = RESOLUTIONS.raw.spanMs / 1000;
/** The start (ms) of the span that a frame is in. */
const SPAN_START = Prisma.sql`(floor(extract(epoch FROM at) / ${SPAN_S}::int) * ${SPAN_S}::int * 1000)::float8`;

const COARSE = ["minute", "hour"] as const;

const NOTHING: Compacted = { frames: 0, samples: 0, chunks: 0 };

/**
 * Compacts one span of one source: its frames become chunks of all resolutions, in one transaction. A kill at any point leaves
 * either the frames or the chunks. Another worker that compacts the same source at the same time makes this one do nothing. Frames
 * that came after their span was compacted are merged into its chunks; at one instant the later one counts. Those that
 * are older than samples are kept (`keptFrom`, ms since the epoch) are dropped.
 */
export async function compactSpan(
  db: Database,
  hostId: number,
  sourceId: number,
  start: number,
  { keptFrom = Number.NEGATIVE_INFINITY, mostValues = MOST_VALUES }: SpanOptions = {},
): Promise<Compacted> {
  const span = spanAt(hostId, start);
  const size = await sizeOfSpan(reader(db), { sourceId, ...span });
  const isKept = start >= keptFrom;
  const slices = isKept ? Math.max(1, Math.ceil((size.frames * size.width) / mostValues)) : 1;
  const compact = async (tx: BinaryTransaction): Promise<Compacted> => {
    const [lock] = await tx.$queryRaw<
      { mine: boolean }[]
    >`SELECT pg_try_advisory_xact_lock(${hostId}::int, ${sourceId}::int) AS mine`;
    if (!lock?.mine) return NOTHING;
    if (slices > 1) return compactSlices(tx, { sourceId, ...span }, { ...size, slices });
    const { frames, batches } = await drainFrames(tx, { sourceId, ...span }, size.frames);
    if (frames === 0) return NOTHING;
    // Its samples are gone: these alone would take the place of what is kept of its minutes.
    if (!isKept) {
      // No chunk changes, which would tell of it.
      await tx.$executeRaw`SELECT pg_notify(${CHUNK_CHANNEL}, ${hostId}::int::text)`;
      return { ...NOTHING, frames };
    }
    return { ...(await storeSamples(tx, span, batches)), frames };
  };
  return binaryTransaction(db, compact, slices > 1 ? "REPEATABLE READ" : "READ COMMITTED");
}

async function compactSlices(
  tx: BinaryTransaction,
  span: DrainedSpan,
  size: SpanSize & { slices: number },
): Promise<Compacted> {
  const total = { samples: 0, chunks: 0 };
  const frames = await drainSlices(tx, span, size, async (batches) => {
    const { samples, chunks } = await storeSamples(tx, span, batches);
    total.samples += samples;
    total.chunks += chunks;
  });
  return { ...total, frames };
}

/** Compacts all frames of a host whatever their age, its newest too: nothing more will come. Within the caller's transaction. */
export async function compactHost(tx: Connection, hostId: number): Promise<void> {
  const spans = await tx.$queryRaw<{ sourceId: number; start: number }[]>`
    SELECT DISTINCT source_id AS "sourceId", ${SPAN_START} AS start FROM frame WHERE host_id = ${hostId} ORDER BY start, "sourceId"`;
  for (const { sourceId, start } of spans) {
    const span = spanAt(hostId, start);
    const { batches } = await drainFramesAtOnce(tx, { sourceId, ...span, newestToo: true });
    await storeSamples(tx, span, batches);
  }
}

/** Writes samples of one span into its chunks, of all resolutions, together with what is there; at one instant the new one counts. */
export async function storeSamples(
  tx: Writer,
  span: Span,
  batches: Map<number, SampleColumns>[],
): Promise<Omit<Compacted, "frames">> {
  const fresh = joinSamples(batches);
  const seriesIds = [...fresh.keys()];
  const kinds = await readKinds(tx, span.hostId, seriesIds);
  const before = await readLastSamples(tx, span.hostId, seriesIds, span.from);
  const stored = Map.groupBy(
    await readChunksAt(tx, span.hostId, seriesIds, placesOf(span)),
    ({ seriesId }) => seriesId,
  );
  const rows = [...fresh].flatMap(([seriesId, samples]) =>
    seriesRows(span, samples, {
      ...{ seriesId, kind: kinds.get(seriesId) ?? "gauge" },
      ...{ before: before.get(seriesId), stored: stored.get(seriesId) ?? [] },
    }),
  );
  await writeChunks(tx, span.hostId, rows);
  // The days of a month that is over become one chunk, which is looked for once a day.
  const month = chunkStart(span.from, "hour") - RESOLUTIONS.hour.spanMs;
  if (span.from % DAY_MS === 0) await joinParts(tx, span.hostId, { resolution: "hour", seriesIds, starts: [month] });
  const samples = batches.reduce((sum, batch) => sum + [...batch.values()].reduce((n, s) => n + s.times.length, 0), 0);
  return { samples, chunks: rows.length };
}

/** Where what is stored may stand that samples of a span are put together with. */
const placesOf = (span: Span): { resolution: Resolution; start: number }[] => [
  { resolution: "raw", start: span.from },
  ...COARSE.flatMap((resolution) => stepStarts(span, resolution).map((start) => ({ resolution, start }))),
];

type SeriesPart = {
  seriesId: number;
  kind: MetricKind;
  before: LastSample | undefined;
  stored: { resolution: Resolution; start: number; data: Uint8Array }[];
};

/** The rows of a series' chunks that its samples of a span go into. */
function seriesRows(span: Span, samples: SampleColumns, { seriesId, kind, before, stored }: SeriesPart): ChunkRow[] {
  const raw = stored.find(({ resolution }) => resolution === "raw");
  const all = raw ? mergeSamples(decodeSamples(raw.data), samples) : samples;
  const minutes = rollupSteps(all, { stepMs: RESOLUTIONS.minute.stepMs, from: span.from, to: span.to }, kind, before);
  const steps = { minute: minutes, hour: foldSteps(minutes, RESOLUTIONS.hour) };
  const rows: ChunkRow[] = [
    { seriesId, resolution: "raw", start: span.from, ...summarise(all.values), data: encodeSamples(all) },
  ];
  for (const resolution of COARSE) {
    const own = stored.filter((chunk) => chunk.resolution === resolution);
    const row = spanRow(span, { seriesId, resolution, kind }, steps[resolution], own);
    if (row) rows.push(row);
  }
  return rows;
}

/** One run of samples a series out of the batches of several frame schemas. */
function joinSamples(batches: Map<number, SampleColumns>[]): Map<number, SampleColumns> {
  const joined = new Map<number, SampleColumns>();
  for (const batch of batches) {
    for (const [seriesId, series] of batch) {
      if (series.times.length === 0) continue;
      const other = joined.get(seriesId);
      joined.set(seriesId, other ? mergeSamples(other, series) : series);
    }
  }
  return joined;
}

type CompactionPart = { subject: string; run(): Promise<void> };

export type CompactionOptions = Pick<SpanOptions, "keptFrom"> & {
  /** Runs the parts, the oldest span first. Without it one that throws ends the whole. */
  runParts?: (parts: CompactionPart[]) => Promise<unknown>;
};

async function runInOrder(parts: CompactionPart[]): Promise<void> {
  for (const { run } of parts) await run();
}

/** Compacts every span that ended long enough before `now`, each a part of its own; answers what was done in all. */
export async function compactDue(
  db: Database,
  now: number,
  { keptFrom, runParts = runInOrder }: CompactionOptions = {},
): Promise<Compacted> {
  const total = { ...NOTHING };
  const spans = await dueSpans(db, chunkStart(now - GRACE_MS, "raw"));
  await runParts(
    spans.map(({ hostId, sourceId, source, start }) => ({
      subject: `host ${hostId}, ${source}, ${new Date(start).toISOString().slice(0, 16).replace("T", " ")} UTC`,
      async run() {
        const compacted = await compactSpan(db, hostId, sourceId, start, { keptFrom });
        total.frames += compacted.frames;
        total.samples += compacted.samples;
        total.chunks += compacted.chunks;
      },
    })),
  );
  return total;
}

type DueSpan = { hostId: number; sourceId: number; source: string; start: number };

/** Spans that hold frames from before `limit` (ms since the epoch). */
async function dueSpans(db: Database, limit: number): Promise<DueSpan[]> {
  return db.$queryRaw`
    SELECT due.*, coalesce(s.name, 'source ' || due."sourceId") AS source FROM (
      SELECT DISTINCT host_id AS "hostId", source_id AS "sourceId", ${SPAN_START} AS start
      FROM frame WHERE at < ${new Date(limit)}
    ) due LEFT JOIN source s ON s.id = due."sourceId" ORDER BY start, "hostId", "sourceId"`;
}
