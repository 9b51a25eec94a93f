import type { BinaryTransaction, Writer } from "#lib/db/binary-transaction.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Reader } from "#lib/db/reading.ts";
import { latestNow } from "#lib/time/clock.ts";
import type { SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { FrameColumns } from "#lib/tsdb/chunks/frame-columns.ts";

/** Frames of a source in [from, to), ms since the epoch; `newestToo` also takes the newest. */
export type DrainedSpan = { hostId: number; sourceId: number; from: number; to: number; newestToo?: boolean };

export type DrainedFrames = { frames: number; batches: Map<number, SampleColumns>[] };

const instant = (at: number): string => `'${new Date(at).toISOString()}'::timestamptz`;

/**
 * The frames of a span, as SQL. The newest of a source up to now is none of them, so that a host that fell silent still shows when it
 * last spoke and what it said. COPY has no parameters, so the values stand in the text.
 */
function framesOf({ hostId, sourceId, from, to, newestToo = false }: DrainedSpan): string {
  const own = `host_id = ${Math.trunc(hostId)} AND source_id = ${Math.trunc(sourceId)}`;
  const newest = `(SELECT max(at) FROM frame WHERE ${own} AND at <= ${instant(latestNow(Date.now()))})`;
  return `frame WHERE ${own} AND at >= ${instant(from)} AND at < ${instant(to)}${newestToo ? "" : ` AND at < ${newest}`}`;
}

/** A frame, or what a slice of its values holds, in PostgreSQL's own form: a million numbers as text cost a second. */
const sent = (slice = ""): string =>
  `int4send(frame_schema_id) || timestamptz_send(at) || array_send("values"${slice}) AS data`;

/** Deletes the frames of a span: what is returned is deleted, and nothing else. */
const deletion = (span: DrainedSpan): string => `DELETE FROM ${framesOf(span)} RETURNING ${sent()}`;

/** The frames of several schemas, a batch for each. */
class Drain {
  readonly #batches = new Map<number, FrameColumns>();
  readonly #expected: number;
  readonly #first: number;

  /** For about so many frames, whose values begin with the one at position `first` of their schemas. */
  constructor(expected: number, first = 0) {
    this.#expected = expected;
    this.#first = first;
  }

  /** Takes all frames in bytes, each behind the id of its schema. */
  take(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < bytes.length) {
      const schemaId = view.getInt32(at);
      let batch = this.#batches.get(schemaId);
      if (!batch) {
        batch = new FrameColumns(this.#expected);
        this.#batches.set(schemaId, batch);
      }
      at = batch.take(view, at + 4);
    }
  }

  /** The samples by series. The schemas are read now: one that was read before its frames may have grown meanwhile. */
  async done(db: Writer, hostId: number): Promise<DrainedFrames> {
    const ids = [...this.#batches.keys()];
    if (ids.length === 0) return { frames: 0, batches: [] };
    const schemas = await db.$queryRaw<{ id: number; intervalMs: number; seriesIds: number[] }[]>`
      SELECT id, interval_ms AS "intervalMs", series_ids AS "seriesIds" FROM frame_schema WHERE host_id = ${hostId} AND id = ANY(${ids}::int[])`;
    let frames = 0;
    const batches = schemas.map(({ id, intervalMs, seriesIds }) => {
      const batch = this.#batches.get(id) as FrameColumns;
      frames += batch.frames;
      const samples = batch.done(intervalMs).flatMap((run, n): [number, SampleColumns][] => {
        const seriesId = seriesIds[this.#first + n];
        return run && seriesId !== undefined ? [[seriesId, run]] : [];
      });
      return new Map(samples);
    });
    return { frames, batches };
  }
}

/** So many frames are made room for at first. */
const EXPECTED = 512;

const COPY_SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
/** What COPY sends before the first row: its signature, flags, and the length of what else there is, which is nothing. */
const COPY_HEADER = COPY_SIGNATURE.length + 8;
/** What stands before the value of a row of one column: how many columns there are, and the value's length. */
const ROW_HEADER = 6;

const copied = (tx: BinaryTransaction, statement: string, drain: Drain): Promise<void> =>
  tx.copyOut(`COPY (${statement}) TO STDOUT (FORMAT binary)`, (row) => {
    const isFirst = row.subarray(0, COPY_SIGNATURE.length).equals(COPY_SIGNATURE);
    // The end is a row of minus one column.
    drain.take(row.subarray((isFirst ? COPY_HEADER : 0) + ROW_HEADER));
  });

/** How many frames a span has, and how many values the longest schema of any. */
export type SpanSize = { frames: number; width: number };

/** What is to be drained of a span, about: more may come. */
export async function sizeOfSpan(db: Reader, { hostId, sourceId, from, to }: DrainedSpan): Promise<SpanSize> {
  const [size] = await db.$queryRaw<SpanSize[]>`
    SELECT coalesce(sum(f.count), 0)::int AS frames, coalesce(max(cardinality(s.series_ids)), 0)::int AS width
    FROM (
      SELECT frame_schema_id, count(*) FROM frame
      WHERE host_id = ${hostId} AND source_id = ${sourceId} AND at >= ${new Date(from)} AND at < ${new Date(to)}
      GROUP BY frame_schema_id
    ) f JOIN frame_schema s ON s.host_id = ${hostId} AND s.id = f.frame_schema_id`;
  return size ?? { frames: 0, width: 0 };
}

/**
 * Deletes a span's frames, but for the newest of the source unless that is meant to go too, and answers their samples by series, a batch
 * for each frame schema. Of about `expected` frames.
 */
export async function drainFrames(tx: BinaryTransaction, span: DrainedSpan, expected: number): Promise<DrainedFrames> {
  const drain = new Drain(expected);
  await copied(tx, deletion(span), drain);
  return drain.done(tx, span.hostId);
}

/**
 * Does as drainFrames, `width` positions of the schemas at a time, each given to `store`: of thousands of series at once the samples of a span
 * are more than a process may hold. Within a transaction that sees what it saw first throughout.
 * @throws Error of PostgreSQL where a frame was completed meanwhile; nothing is lost, and another try succeeds
 */
export async function drainSlices(
  tx: BinaryTransaction,
  span: DrainedSpan,
  { frames, width, slices }: SpanSize & { slices: number },
  store: (batches: Map<number, SampleColumns>[]) => Promise<unknown>,
): Promise<number> {
  const own = framesOf(span);
  const wide = Math.ceil(width / slices);
  for (let n = 0; n < slices; n++) {
    const drain = new Drain(frames, n * wide);
    // The last goes to the end: a schema may have grown since its width was read.
    const slice = `[${n * wide + 1}:${n === slices - 1 ? "" : (n + 1) * wide}]`;
    await copied(tx, `SELECT ${sent(slice)} FROM ${own}`, drain);
    await store((await drain.done(tx, span.hostId)).batches);
  }
  return tx.$executeRaw(Prisma.raw(`DELETE FROM ${own}`));
}

/** As drainFrames, in a transaction that cannot copy out. In base64, since Prisma takes longer for bytes than the query does. */
export async function drainFramesAtOnce(tx: Writer, span: DrainedSpan): Promise<DrainedFrames> {
  const drain = new Drain(EXPECTED);
  const [row] = await tx.$queryRaw<{ base64: string | null }[]>(
    Prisma.raw(
      `WITH gone AS (${deletion(span)}) SELECT encode(string_agg(data, ''::bytea), 'base64') AS base64 FROM gone`,
    ),
  );
  if (row?.base64) drain.take(Buffer.from(row.base64, "base64"));
  return drain.done(tx, span.hostId);
}
