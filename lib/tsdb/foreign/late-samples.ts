import type pg from "pg";
import { decodeSamples } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import type { FrameRow } from "#lib/tsdb/foreign/frame-rows.ts";
import { insertFrames } from "#lib/tsdb/foreign/insert-frames.ts";

/** Whether compaction may have taken the span of an instant (ms) by now (ms). */
export const isLate = (at: number, now: number): boolean => at < chunkStart(now, "raw");

/**
 * Stores parts of frames of spans that may be compacted: without the samples that are in chunks, which would else come to count instead of these. What is
 * new goes into frames, for the next compaction to merge. Each source under its lock, so that no compaction runs meanwhile.
 */
export async function insertLateFrames(client: pg.ClientBase, rows: FrameRow[]): Promise<void> {
  for (const own of Map.groupBy(rows, ({ source }) => source).values()) {
    const [{ source }] = own as [FrameRow];
    await client.query("BEGIN");
    try {
      await client.query("SELECT pg_advisory_xact_lock($1::int, $2::int)", [source.hostId, source.id]);
      await removeCompacted(client, source.hostId, own);
      await insertFrames(
        client,
        own.filter(({ length }) => length > 0),
      );
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  }
}

async function removeCompacted(client: pg.ClientBase, hostId: number, rows: FrameRow[]): Promise<void> {
  for (const [start, own] of Map.groupBy(rows, ({ at }) => chunkStart(at, "raw"))) {
    const ids = [...new Set(own.flatMap((row) => row.schema.seriesIds.filter((_, n) => row.has(n))))];
    const { rows: chunks } = await client.query<{ seriesId: number; data: Uint8Array }>(
      `SELECT series_id AS "seriesId", data FROM chunk
       WHERE host_id = $1 AND series_id = ANY($2::int[]) AND resolution = $3 AND start = to_timestamp($4::float8 / 1000)`,
      [hostId, ids, RESOLUTIONS.raw.code, start],
    );
    for (const { seriesId, data } of chunks) {
      const instants = new Set(decodeSamples(data).times);
      for (const row of own) if (instants.has(row.at)) row.remove(row.schema.seriesIds.indexOf(seriesId));
    }
  }
}
