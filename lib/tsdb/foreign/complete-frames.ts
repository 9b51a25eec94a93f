import type pg from "pg";
import { NOTIFY_FRAMES } from "#lib/tsdb/append/frame-notice.ts";
import { FrameRow } from "#lib/tsdb/foreign/frame-rows.ts";

type Stored = { sourceId: number; at: number; schemaId: number; seriesIds: number[] };

/**
 * Completes the frames that an insert left as they were because they are of another schema: that of before the source's schema was begun anew or had
 * another interval. Series that this other schema lacks are appended to it. Within a transaction or by itself: each statement leaves things as they may be.
 */
export async function completeFrames(client: pg.ClientBase, rows: FrameRow[]): Promise<void> {
  const others = await readOthers(client, rows);
  for (const { row, stored } of others) {
    const seriesIds = await appendSeries(client, row, stored);
    const moved = new FrameRow(row.source, { id: stored.schemaId, seriesIds }, row.at);
    for (const [id, n] of valuesOf(row)) moved.copy(row, n, seriesIds.indexOf(id));
    await client.query(
      `WITH completed AS (
         UPDATE frame SET "values" = ARRAY(
           SELECT coalesce(u.old, u.new) FROM unnest(frame."values", $4::float8[]) WITH ORDINALITY u (old, new, n) ORDER BY u.n)
         WHERE host_id = $1 AND source_id = $2 AND at = to_timestamp($3::float8 / 1000) AND frame_schema_id = $5
         RETURNING host_id, source_id, at
       )
       SELECT ${NOTIFY_FRAMES} FROM completed GROUP BY host_id, source_id`,
      [row.source.hostId, row.source.id, row.at, moved.encode(), stored.schemaId],
    );
  }
}

/** The series and positions that a row has values of. */
function valuesOf(row: FrameRow): [seriesId: number, position: number][] {
  return row.schema.seriesIds.flatMap((id, n): [number, number][] => (row.has(n) ? [[id, n]] : []));
}

async function readOthers(client: pg.ClientBase, rows: FrameRow[]): Promise<{ row: FrameRow; stored: Stored }[]> {
  const { rows: found } = await client.query<Stored>(
    `SELECT f.source_id AS "sourceId", (extract(epoch FROM f.at) * 1000)::float8 AS at, fs.id AS "schemaId", fs.series_ids AS "seriesIds"
     FROM unnest($1::int[], $2::int[], $3::float8[], $4::int[]) AS w (host_id, source_id, at, schema_id)
     JOIN frame f ON f.host_id = w.host_id AND f.source_id = w.source_id AND f.at = to_timestamp(w.at / 1000)
       AND f.frame_schema_id <> w.schema_id
     JOIN frame_schema fs ON fs.host_id = f.host_id AND fs.id = f.frame_schema_id`,
    [
      rows.map(({ source }) => source.hostId),
      rows.map(({ source }) => source.id),
      rows.map(({ at }) => at),
      rows.map(({ schema }) => schema.id),
    ],
  );
  const byKey = new Map(found.map((stored) => [`${stored.sourceId} ${stored.at}`, stored]));
  return rows.flatMap((row) => {
    const stored = byKey.get(`${row.source.id} ${row.at}`);
    return stored ? [{ row, stored }] : [];
  });
}

/** The series of a stored frame's schema, once those are in it that a row has values of. */
async function appendSeries(client: pg.ClientBase, row: FrameRow, { schemaId, seriesIds }: Stored): Promise<number[]> {
  const wanted = valuesOf(row).map(([id]) => id);
  if (wanted.every((id) => seriesIds.includes(id))) return seriesIds;
  const { rows } = await client.query<{ seriesIds: number[] }>(
    `UPDATE frame_schema SET series_ids = series_ids || ARRAY(SELECT w FROM unnest($3::int[]) w WHERE w <> ALL(series_ids))
     WHERE host_id = $1 AND id = $2 RETURNING series_ids AS "seriesIds"`,
    [row.source.hostId, schemaId, wanted],
  );
  return rows[0]?.seriesIds ?? seriesIds;
}
