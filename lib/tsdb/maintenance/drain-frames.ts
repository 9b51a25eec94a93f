import type { Connection } from "#lib/db/client.ts";
import { latestNow } from "#lib/time/clock.ts";
import type { SampleColumns } from "#lib/tsdb/chunks/chunks.ts";

type PackedFrames = { intervalMs: number; seriesIds: number[]; count: number; times: Uint8Array; values: Uint8Array };

/** What array_send writes before the elements: dimensions, has-null, type, size, lower bound; four bytes each. */
const ARRAY_HEADER_BYTES = 20;
const LENGTH_AT = 12;
const EMPTY_ARRAY_BYTES = 12;

/**
 * Deletes the frames of a span: what is returned is deleted, and nothing else. The newest frame of a
 * source up to now stays, so that a host that fell silent still shows when it last spoke and what it said. In the form in which
 * PostgreSQL sends arrays in binary, since a million numbers as text cost a second.
 */
async function deleteFrames(
  db: Connection,
  hostId: number,
  sourceId: number,
  from: number,
  to: number,
  newestToo: boolean,
): Promise<PackedFrames[]> {
  return db.$queryRaw`
    WITH gone AS (
      DELETE FROM frame WHERE host_id = ${hostId} AND source_id = ${sourceId}
        AND at >= ${new Date(from)} AND at < ${new Date(to)}
        AND (${newestToo} OR at < (SELECT max(at) FROM frame WHERE host_id = ${hostId} AND source_id = ${sourceId} AND at <= ${new Date(latestNow(Date.now()))}))
      RETURNING at, frame_schema_id, "values"
    )
    SELECT fs.interval_ms AS "intervalMs", fs.series_ids AS "seriesIds", count(*)::int AS count,
           string_agg(float8send((extract(epoch FROM g.at) * 1000)::float8), ''::bytea ORDER BY g.at) AS times,
           string_agg(array_send(g."values"), ''::bytea ORDER BY g.at) AS "values"
    FROM gone g JOIN frame_schema fs ON fs.host_id = ${hostId} AND fs.id = g.frame_schema_id
    GROUP BY fs.id, fs.interval_ms, fs.series_ids`;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * The samples of each series of a batch; a missing value is no sample, nor is what a frame ends before. Values go by words, since a NaN's bits may
 * not survive as a number.
 */
function unpack(batch: PackedFrames): Map<number, SampleColumns> {
  const { count, seriesIds } = batch;
  const [times, values] = [view(batch.times), view(batch.values)];
  const columns = seriesIds.map(() => {
    const column = new Float64Array(count);
    return { times: new Float64Array(count), values: column, words: new Uint32Array(column.buffer), length: 0 };
  });
  let at = 0;
  for (let row = 0; row < count; row++) {
    const time = times.getFloat64(row * 8);
    if (values.getInt32(at) === 0) {
      at += EMPTY_ARRAY_BYTES;
      continue;
    }
    const width = values.getInt32(at + LENGTH_AT);
    at += ARRAY_HEADER_BYTES;
    for (let position = 0; position < width; position++) {
      const size = values.getInt32(at);
      at += 4;
      const column = columns[position];
      if (size < 0 || !column) continue;
      column.times[column.length] = time;
      column.words[2 * column.length + 1] = values.getUint32(at);
      column.words[2 * column.length] = values.getUint32(at + 4);
      column.length += 1;
      at += size;
    }
  }
  return new Map(
    columns.map(({ length, ...column }, index) => [
      seriesIds[index] as number,
      {
        times: column.times.subarray(0, length),
        values: column.values.subarray(0, length),
        intervals: new Float64Array(length).fill(batch.intervalMs),
      },
    ]),
  );
}

export type DrainedFrames = { frames: number; batches: Map<number, SampleColumns>[] };

/** Deletes a span's frames, but for the newest of the source unless that is meant to go too, and answers their samples by series, a batch for each frame schema. */
export async function drainFrames(
  db: Connection,
  hostId: number,
  sourceId: number,
  from: number,
  to: number,
  { newestToo = false } = {},
): Promise<DrainedFrames> {
  const batches = await deleteFrames(db, hostId, sourceId, from, to, newestToo);
  return { frames: batches.reduce((sum, batch) => sum + batch.count, 0), batches: batches.map(unpack) };
}
