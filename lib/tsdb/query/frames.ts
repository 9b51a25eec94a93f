import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { REMOTE_SOURCE } from "#lib/metrics/frame.ts";
import { latestNow } from "#lib/time/clock.ts";

/** One series' values in the frames of one schema; times in ms since the epoch. */
export type FrameColumn = { seriesId: number; intervalMs: number; times: number[]; values: (number | null)[] };

/** A frame as it is stored, with its schema resolved. */
export type StoredFrame = {
  sourceId: number;
  at: number;
  intervalMs: number;
  seriesIds: number[];
  values: (number | null)[];
};

/** Samples of one source's series in [from, to), oldest first, a column for each frame schema that the series appear in. */
export async function readColumns(
  db: Connection,
  range: { hostId: number; sourceId: number; from: number; to: number },
  seriesIds: number[],
): Promise<FrameColumn[]> {
  const { hostId, sourceId } = range;
  const schemas = await db.frameSchema.findMany({ where: { hostId, sourceId, seriesIds: { hasSome: seriesIds } } });
  const columns = await Promise.all(
    schemas.map(async (schema) => {
      const present = seriesIds.filter((id) => schema.seriesIds.includes(id));
      const indexes = present.map((id) => schema.seriesIds.indexOf(id) + 1);
      const { times, columns } = await readSchemaColumns(db, range, schema.id, indexes);
      return present.map((seriesId, i) => ({
        seriesId,
        intervalMs: schema.intervalMs,
        times,
        values: columns[i] ?? [],
      }));
    }),
  );
  return columns.flat();
}

async function readSchemaColumns(
  db: Connection,
  range: { hostId: number; sourceId: number; from: number; to: number },
  frameSchemaId: number,
  indexes: number[],
): Promise<{ times: number[]; columns: (number | null)[][] }> {
  // One row of arrays: a row per frame would cost more in the client than the query itself.
  const columns = indexes.map(
    (index, i) => Prisma.sql`array_agg("values"[${index}::int] ORDER BY at) AS ${Prisma.raw(`c${i}`)}`,
  );
  const [row] = await db.$queryRaw<Record<string, (number | null)[] | null>[]>`
    SELECT array_agg((extract(epoch FROM at) * 1000)::float8 ORDER BY at) AS times, ${Prisma.join(columns)}
    FROM frame
    WHERE host_id = ${range.hostId} AND source_id = ${range.sourceId} AND frame_schema_id = ${frameSchemaId}
      AND at >= ${new Date(range.from)} AND at < ${new Date(range.to)}`;
  return { times: (row?.times ?? []) as number[], columns: indexes.map((_, i) => row?.[`c${i}`] ?? []) };
}

type Source = { hostId: number; sourceId: number };

const STORED = Prisma.sql`
  SELECT f.source_id AS "sourceId", (extract(epoch FROM f.at) * 1000)::float8 AS at, f."values",
         fs.interval_ms AS "intervalMs", fs.series_ids AS "seriesIds"
  FROM frame f JOIN frame_schema fs ON fs.host_id = f.host_id AND fs.id = f.frame_schema_id`;

/** The newest `count` frames of a source up to an instant (ms since the epoch), newest first. */
export function readNewest(
  db: Connection,
  { hostId, sourceId }: Source,
  count: number,
  upTo: number,
): Promise<StoredFrame[]> {
  return db.$queryRaw<StoredFrame[]>`${STORED}
    WHERE f.host_id = ${hostId} AND f.source_id = ${sourceId} AND f.at <= ${new Date(upTo)} ORDER BY f.at DESC LIMIT ${count}`;
}

/** Instants in (after, upTo], ms since the epoch. */
type Span = { after: number; upTo: number };

/** The first `count` frames of a source in a span, oldest first. */
export function readAfter(
  db: Connection,
  { hostId, sourceId }: Source,
  { after, upTo }: Span,
  count: number,
): Promise<StoredFrame[]> {
  return db.$queryRaw<StoredFrame[]>`${STORED}
    WHERE f.host_id = ${hostId} AND f.source_id = ${sourceId} AND f.at > ${new Date(after)} AND f.at <= ${new Date(upTo)}
    ORDER BY f.at LIMIT ${count}`;
}

/** The newest frames of all sources of a host in a span, oldest first, at most `limit`. */
export async function readSince(
  db: Connection,
  hostId: number,
  { after, upTo }: Span,
  limit: number,
): Promise<StoredFrame[]> {
  const rows = await db.$queryRaw<StoredFrame[]>`${STORED}
    WHERE f.host_id = ${hostId} AND f.at > ${new Date(after)} AND f.at <= ${new Date(upTo)} ORDER BY f.at DESC LIMIT ${limit}`;
  return rows.reverse();
}

/** How many frames a range holds, counted no further than `most`. */
export async function countFrames(
  db: Connection,
  range: { hostId: number; sourceId: number; from: number; to: number },
  most: number,
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM frame WHERE host_id = ${range.hostId} AND source_id = ${range.sourceId}
        AND at >= ${new Date(range.from)} AND at < ${new Date(range.to)} LIMIT ${most}) bounded`;
  return row?.count ?? 0;
}

/**
 * How far apart the newest frames of each of a host's sources up to now are meant to be, in ms, by source. `own` leaves out sources that are read
 * from elsewhere, which say nothing of the host.
 */
export async function readIntervals(
  db: Connection,
  hostId: number,
  now = Date.now(),
  { own = false } = {},
): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<{ sourceId: number; intervalMs: number }[]>`
    SELECT s.id AS "sourceId", f.interval_ms AS "intervalMs"
    FROM source s CROSS JOIN LATERAL (
      SELECT fs.interval_ms FROM frame f JOIN frame_schema fs ON fs.host_id = f.host_id AND fs.id = f.frame_schema_id
      WHERE f.host_id = s.host_id AND f.source_id = s.id AND f.at <= ${new Date(latestNow(now))} ORDER BY f.at DESC LIMIT 1
    ) f WHERE s.host_id = ${hostId} AND (NOT ${own}::boolean OR s.kind <> ${REMOTE_SOURCE})`;
  return new Map(rows.map(({ sourceId, intervalMs }) => [sourceId, intervalMs]));
}

/** The shortest interval (ms) at which each host sends, by the newest frames up to `now` (ms) of its sources, by the host's id. */
export async function readShortestIntervals(db: Connection, now: number): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<{ hostId: number; intervalMs: number }[]>`
    SELECT s.host_id AS "hostId", min(f.interval_ms)::int AS "intervalMs"
    FROM source s CROSS JOIN LATERAL (
      SELECT fs.interval_ms FROM frame f JOIN frame_schema fs ON fs.host_id = f.host_id AND fs.id = f.frame_schema_id
      WHERE f.host_id = s.host_id AND f.source_id = s.id AND f.at <= ${new Date(latestNow(now))} ORDER BY f.at DESC LIMIT 1
    ) f WHERE s.kind <> ${REMOTE_SOURCE} GROUP BY s.host_id`;
  return new Map(rows.map(({ hostId, intervalMs }) => [hostId, intervalMs]));
}
