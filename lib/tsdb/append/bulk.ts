import { finished } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { FRAME_CHANNEL, type FrameNotice } from "#lib/tsdb/append/frame-notice.ts";
import type { FrameTarget } from "#lib/tsdb/catalog/registry.ts";

/** Frames of one target: `at` in ms since the epoch, values in the order of the frame schema. */
export type BulkFrames = FrameTarget & { frames: { at: number; values: ArrayLike<number | null> }[] };

const FLOAT8_OID = 701;
/** PostgreSQL counts microseconds from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
const ROW_BYTES = 2 + 4 * 5 + 4 + 4 + 8 + 4 + 20;

/** The frames as PostgreSQL's binary COPY format: at a third of the cost of numbers as text. */
function binary(batches: BulkFrames[]): Buffer {
  const size = batches.reduce(
    (sum, { frames }) => sum + frames.reduce((n, { values }) => n + ROW_BYTES + values.length * 12, 0),
    0,
  );
  const buffer = Buffer.allocUnsafe(SIGNATURE.length + 8 + size + 2);
  let at = SIGNATURE.copy(buffer);
  const int32 = (value: number) => {
    at = buffer.writeInt32BE(value, at);
  };
  const field = (value: number) => {
    int32(4);
    int32(value);
  };
  int32(0);
  int32(0);
  for (const { hostId, sourceId, frameSchemaId, frames } of batches) {
    for (const frame of frames) {
      at = buffer.writeInt16BE(5, at);
      field(hostId);
      field(sourceId);
      int32(8);
      at = buffer.writeBigInt64BE(BigInt(Math.round((frame.at - EPOCH_MS) * 1000)), at);
      field(frameSchemaId);
      at = writeArray(buffer, at, frame.values);
    }
  }
  at = buffer.writeInt16BE(-1, at);
  return buffer.subarray(0, at);
}

function writeArray(buffer: Buffer, start: number, values: ArrayLike<number | null>): number {
  let at = start + 4;
  let missing = 0;
  const header = at;
  at += 20;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) {
      missing = 1;
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    at = buffer.writeInt32BE(8, at);
    at = buffer.writeDoubleBE(value, at);
  }
  const words = [values.length > 0 ? 1 : 0, missing, FLOAT8_OID, values.length, 1];
  for (const [i, word] of words.entries()) buffer.writeInt32BE(word, header + i * 4);
  buffer.writeInt32BE(at - header, start);
  return at;
}

const COLUMNS = `(host_id, source_id, at, frame_schema_id, "values")`;
const DUPLICATE = "23505";

async function copy(client: pg.ClientBase, table: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyFrom(`COPY ${table} ${COLUMNS} FROM STDIN (FORMAT binary)`));
  stream.end(bytes);
  await finished(stream);
}

async function notify(client: pg.ClientBase, batches: BulkFrames[]): Promise<void> {
  const storedAt = Date.now();
  const notices = batches.flatMap(({ hostId, sourceId, frames }) => {
    const [first, newest] = [frames[0], frames.at(-1)];
    if (!first || !newest) return [];
    const notice = { host: hostId, source: sourceId, from: first.at, at: newest.at, storedAt } satisfies FrameNotice;
    return [JSON.stringify(notice)];
  });
  await client.query("SELECT pg_notify($1, notice) FROM unnest($2::text[]) AS notice", [FRAME_CHANNEL, notices]);
}

/**
 * Appends many frames on one connection, durable and visible when it resolves, all or none. Their days' partitions are there.
 * Frames in a batch are in order of time. A frame at an instant that is stored already takes its place.
 */
export async function appendBulk(client: pg.ClientBase, batches: BulkFrames[]): Promise<void> {
  const bytes = binary(batches);
  try {
    await transaction(client, async () => {
      await copy(client, "frame", bytes);
      await notify(client, batches);
    });
  } catch (error) {
    if ((error as { code?: string }).code !== DUPLICATE) throw error;
    await transaction(client, async () => {
      await client.query("CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE frame) ON COMMIT DELETE ROWS");
      await copy(client, "incoming", bytes);
      await client.query(
        `INSERT INTO frame ${COLUMNS} SELECT DISTINCT ON (host_id, source_id, at) host_id, source_id, at, frame_schema_id, "values"
         FROM incoming ORDER BY host_id, source_id, at, ctid DESC
         ON CONFLICT (host_id, source_id, at) DO UPDATE SET frame_schema_id = excluded.frame_schema_id, "values" = excluded."values"`,
      );
      await notify(client, batches);
    });
  }
}

async function transaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query("BEGIN");
  try {
    await work();
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}
