import type { BinaryTransaction, Writer } from "#lib/db/binary-transaction.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { latestNow } from "#lib/time/clock.ts";
import type { SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { FrameColumns } from "#lib/tsdb/chunks/frame-columns.ts";

/** Frames of a source in [from, to), ms since the epoch; `newestToo` also takes the newest. */
export type DrainedSpan = { hostId: number; sourceId: number; from: number; to: number; newestToo?: boolean };

export type DrainedFrames = { frames: number; batches: Map<number, SampleColumns>[] };

const instant = (at: number): string => `'${new Date(at).toISOString()}'::timestamptz`;

/**
 * Deletes the frames of a span: what is returned is deleted, and nothing else. The newest frame of a
 * source up to now stays, so that a host that fell silent still shows when it last spoke and what it said. The form is
 * PostgreSQL's own, since a million numbers as text cost a second; COPY takes no parameters, so what is asked for stands in the text.
 */
function deletion({ hostId, sourceId, from, to, newestToo = false }: DrainedSpan): string {
  const own = `host_id = ${Math.trunc(hostId)} AND source_id = ${Math.trunc(sourceId)}`;
  const newest = `(SELECT max(at) FROM frame WHERE ${own} AND at <= ${instant(latestNow(Date.now()))})`;
  return `DELETE FROM frame WHERE ${own} AND at >= ${instant(from)} AND at < ${instant(to)}${newestToo ? "" : ` AND at < ${newest}`}
    RETURNING int4send(frame_schema_id) || timestamptz_send(at) || array_send("values") AS data`;
}

/** The frames of several schemas, a batch for each. */
class Drain {
  readonly #batches = new Map<number, FrameColumns>();

  /** Takes all frames in bytes, each behind the id of its schema. */
  take(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < bytes.length) {
      const schemaId = view.getInt32(at);
      let batch = this.#batches.get(schemaId);
      if (!batch) {
        batch = new FrameColumns(EXPECTED);
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
      const samples = batch
        .done(intervalMs)
        .flatMap((run, n): [number, SampleColumns][] =>
          run && n < seriesIds.length ? [[seriesIds[n] as number, run]] : [],
        );
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

/** Deletes a span's frames, but for the newest of the source unless that is meant to go too, and answers their samples by series, a batch for each frame schema. */
export async function drainFrames(tx: BinaryTransaction, span: DrainedSpan): Promise<DrainedFrames> {
  const drain = new Drain();
  await tx.copyOut(`COPY (${deletion(span)}) TO STDOUT (FORMAT binary)`, (row) => {
    const isFirst = row.subarray(0, COPY_SIGNATURE.length).equals(COPY_SIGNATURE);
    // The end is a row of minus one column.
    drain.take(row.subarray((isFirst ? COPY_HEADER : 0) + ROW_HEADER));
  });
  return drain.done(tx, span.hostId);
}

/** As drainFrames, in a transaction that cannot copy out. In base64, since Prisma takes longer for bytes than the query does. */
export async function drainFramesAtOnce(tx: Writer, span: DrainedSpan): Promise<DrainedFrames> {
  const drain = new Drain();
  const [row] = await tx.$queryRaw<{ base64: string | null }[]>(
    Prisma.raw(
      `WITH gone AS (${deletion(span)}) SELECT encode(string_agg(data, ''::bytea), 'base64') AS base64 FROM gone`,
    ),
  );
  if (row?.base64) drain.take(Buffer.from(row.base64, "base64"));
  return drain.done(tx, span.hostId);
}
