import type pg from "pg";
import { DAY_MS } from "#lib/time/durations.ts";
import { NOTIFY_FRAMES } from "#lib/tsdb/append/frame-notice.ts";
import { completeFrames } from "#lib/tsdb/foreign/complete-frames.ts";
import type { FrameRow } from "#lib/tsdb/foreign/frame-rows.ts";

/** So many frames go in one statement. */
const BATCH = 64;
const COLUMNS = 5;

const rowsOf = (count: number): string =>
  Array.from({ length: count }, (_, n) => {
    const [a, b, c, d, e] = Array.from({ length: COLUMNS }, (__, i) => `$${n * COLUMNS + i + 1}`);
    return `(${a}::int, ${b}::int, ${c}::timestamptz, ${d}::int, ${e}::float8[])`;
  }).join(", ");

/**
 * Frames of the same schema are completed where something is missing in the stored one, and what is there stays. Nearly always the new part lies
 * behind the stored one or in front of it: then it is put there as a whole, which costs a tenth of looking at each value.
 */
const statement = (count: number): string => `
  WITH stored AS (
    INSERT INTO frame (host_id, source_id, at, frame_schema_id, "values") VALUES ${rowsOf(count)}
    ON CONFLICT (host_id, source_id, at) DO UPDATE SET "values" =
      CASE WHEN array_remove(excluded."values"[1:cardinality(frame."values")], NULL) = '{}'
        THEN frame."values" || excluded."values"[cardinality(frame."values") + 1:]
      WHEN array_remove(frame."values"[1:cardinality(excluded."values")], NULL) = '{}'
        THEN excluded."values" || frame."values"[cardinality(excluded."values") + 1:]
        ELSE ARRAY(SELECT coalesce(u.old, u.new) FROM unnest(frame."values", excluded."values") WITH ORDINALITY u (old, new, n) ORDER BY u.n) END
    WHERE frame.frame_schema_id = excluded.frame_schema_id
      AND (cardinality(excluded."values") > cardinality(frame."values")
        OR EXISTS (SELECT FROM unnest(frame."values", excluded."values") u (old, new) WHERE u.old IS NULL AND u.new IS NOT NULL))
    RETURNING host_id, source_id, at
  ), told AS (
    SELECT count(*) AS frames, ${NOTIFY_FRAMES}
    FROM stored GROUP BY host_id, source_id
  )
  SELECT coalesce(sum(frames), 0)::int AS stored FROM told`;

const statements = new Map<number, string>();

function textOf(count: number): string {
  const text = statements.get(count) ?? statement(count);
  statements.set(count, text);
  return text;
}

/** PostgreSQL counts microseconds from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

function instantOf(at: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(Math.round((at - EPOCH_MS) * 1000)));
  return bytes;
}

/** Stores parts of frames, each instant of a source once, as the database sorts them. Their days' partitions are there. */
export async function insertFrames(client: pg.ClientBase, rows: FrameRow[]): Promise<void> {
  for (let first = 0; first < rows.length; first += BATCH) {
    const batch = rows.slice(first, first + BATCH);
    const { rows: answers } = await client.query<{ stored: number }>({
      name: `foreign frames ${batch.length}`,
      text: textOf(batch.length),
      values: batch.flatMap((row) => [
        row.source.hostId,
        row.source.id,
        instantOf(row.at),
        row.schema.id,
        row.encode(),
      ]),
    });
    // The others were stored before, or are of another schema.
    if ((answers[0]?.stored ?? 0) < batch.length) await completeFrames(client, batch);
  }
}

const dayOf = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;

/** Makes the partitions of the frames' days, and of the days after. */
export async function ensurePartitions(client: pg.ClientBase, rows: FrameRow[], there: Set<number>): Promise<void> {
  const missing = new Set(rows.map(({ at }) => dayOf(at)).filter((day) => !there.has(day)));
  for (const day of missing) {
    const days = [day, day + DAY_MS].map((start) => new Date(start).toISOString().slice(0, 10));
    await client.query("SELECT ensure_frame_partition($1::date), ensure_frame_partition($2::date)", days);
    there.add(day);
  }
}
