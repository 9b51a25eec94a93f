import { Prisma } from "#lib/db/generated/client.ts";
import type { Reader } from "#lib/db/reading.ts";
import { APART_SOURCES } from "#lib/metrics/frame.ts";
import { latestNow } from "#lib/time/clock.ts";

/** A frame as it is stored, with its schema resolved. What is not finite is missing, and so are the series that a frame ends before. */
export type StoredFrame = {
  sourceId: number;
  at: number;
  intervalMs: number;
  seriesIds: number[];
  values: (number | null)[];
};

type Source = { hostId: number; sourceId: number };

const STORED = Prisma.sql`
  SELECT f.source_id AS "sourceId", (extract(epoch FROM f.at) * 1000)::float8 AS at, f."values",
         fs.interval_ms AS "intervalMs", fs.series_ids AS "seriesIds"
  FROM frame f JOIN frame_schema fs ON fs.host_id = f.host_id AND fs.id = f.frame_schema_id`;

/** Charts and the live stream have no use for NaN and infinities. */
const withoutNonFinite = (frames: StoredFrame[]): StoredFrame[] =>
  frames.map((frame) =>
    frame.values.every((value) => value === null || Number.isFinite(value))
      ? frame
      : { ...frame, values: frame.values.map((value) => (Number.isFinite(value) ? value : null)) },
  );

/** The newest `count` frames of a source up to an instant (ms since the epoch), newest first. */
export async function readNewest(
  db: Reader,
  { hostId, sourceId }: Source,
  count: number,
  upTo: number,
): Promise<StoredFrame[]> {
  const frames = await db.$queryRaw<StoredFrame[]>`${STORED}
    WHERE f.host_id = ${hostId} AND f.source_id = ${sourceId} AND f.at <= ${new Date(upTo)} ORDER BY f.at DESC LIMIT ${count}`;
  return withoutNonFinite(frames);
}

/** Instants in (after, upTo], ms since the epoch. */
type Span = { after: number; upTo: number };

/** The first `count` frames of a source in a span, oldest first. */
export async function readAfter(
  db: Reader,
  { hostId, sourceId }: Source,
  { after, upTo }: Span,
  count: number,
): Promise<StoredFrame[]> {
  const frames = await db.$queryRaw<StoredFrame[]>`${STORED}
    WHERE f.host_id = ${hostId} AND f.source_id = ${sourceId} AND f.at > ${new Date(after)} AND f.at <= ${new Date(upTo)}
    ORDER BY f.at LIMIT ${count}`;
  return withoutNonFinite(frames);
}

/** The newest frames of all sources of a host in a span, oldest first, at most `limit`. */
export async function readSince(
  db: Reader,
  hostId: number,
  { after, upTo }: Span,
  limit: number,
): Promise<StoredFrame[]> {
  const rows = await db.$queryRaw<StoredFrame[]>`${STORED}
    WHERE f.host_id = ${hostId} AND f.at > ${new Date(after)} AND f.at <= ${new Date(upTo)} ORDER BY f.at DESC LIMIT ${limit}`;
  return withoutNonFinite(rows.reverse());
}

/** How many frames a range holds, counted no further than `most`. */
export async function countFrames(
  db: Reader,
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
 * from elsewhere, which say nothing of the host; `sources` are the only ones that are asked for.
 */
export async function readIntervals(
  db: Reader,
  hostId: number,
  now = Date.now(),
  { own = false, sources }: { own?: boolean; sources?: number[] } = {},
): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<{ sourceId: number; intervalMs: number }[]>`
    SELECT s.id AS "sourceId", f.interval_ms AS "intervalMs"
    FROM source s CROSS JOIN LATERAL (
      SELECT fs.interval_ms FROM frame f JOIN frame_schema fs ON fs.host_id = f.host_id AND fs.id = f.frame_schema_id
      WHERE f.host_id = s.host_id AND f.source_id = s.id AND f.at <= ${new Date(latestNow(now))} ORDER BY f.at DESC LIMIT 1
    ) f WHERE s.host_id = ${hostId} AND (${sources === undefined}::boolean OR s.id = ANY(${sources ?? []}::int[]))
      AND (NOT ${own}::boolean OR s.kind <> ALL(${APART_SOURCES}))`;
  return new Map(rows.map(({ sourceId, intervalMs }) => [sourceId, intervalMs]));
}

/** The shortest interval (ms) at which each host sends, by the newest frames up to `now` (ms) of its sources, by the host's id. */
export async function readShortestIntervals(db: Reader, now: number): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<{ hostId: number; intervalMs: number }[]>`
    SELECT s.host_id AS "hostId", min(f.interval_ms)::int AS "intervalMs"
    FROM source s CROSS JOIN LATERAL (
      SELECT fs.interval_ms FROM frame f JOIN frame_schema fs ON fs.host_id = f.host_id AND fs.id = f.frame_schema_id
      WHERE f.host_id = s.host_id AND f.source_id = s.id AND f.at <= ${new Date(latestNow(now))} ORDER BY f.at DESC LIMIT 1
    ) f WHERE s.kind <> ALL(${APART_SOURCES}) GROUP BY s.host_id`;
  return new Map(rows.map(({ hostId, intervalMs }) => [hostId, intervalMs]));
}
