import type { Connection } from "#lib/db/client.ts";
import type { Summary } from "#lib/tsdb/chunks/chunks.ts";
import { decodeSeries, type Series } from "#lib/tsdb/chunks/chunks.ts";
import { RAW, type Tier } from "#lib/tsdb/chunks/resolution.ts";
import type { LastSample } from "#lib/tsdb/chunks/rollup.ts";

export type SegmentRow = Summary & { seriesId: number; tier: Tier; start: number; data: Uint8Array };

/** Segments by series and start, oldest first. */
export async function readSegments(
  db: Connection,
  hostId: number,
  seriesIds: number[],
  tier: Tier,
  range: { from: number; to: number },
): Promise<{ seriesId: number; start: number; data: Uint8Array }[]> {
  return db.$queryRaw`
    SELECT series_id AS "seriesId", (extract(epoch FROM start) * 1000)::float8 AS start, data FROM segment
    WHERE host_id = ${hostId} AND series_id = ANY(${seriesIds}::int[]) AND tier = ${tier}
      AND start >= ${new Date(range.from)} AND start < ${new Date(range.to)}
    ORDER BY series_id, start`;
}

/** The newest segment of each series that begins before an instant (ms since the epoch). */
async function readLastSegments(
  db: Connection,
  hostId: number,
  seriesIds: number[],
  tier: Tier,
  before: number,
): Promise<{ seriesId: number; data: Uint8Array }[]> {
  return db.$queryRaw`
    SELECT wanted.id AS "seriesId", s.data FROM unnest(${seriesIds}::int[]) AS wanted(id) CROSS JOIN LATERAL (
      SELECT data FROM segment WHERE host_id = ${hostId} AND series_id = wanted.id AND tier = ${tier}
        AND start < ${new Date(before)} ORDER BY start DESC LIMIT 1
    ) s`;
}

/** Writes segments over those that are there, in one statement: their data goes as one run of bytes. */
export async function writeSegments(db: Connection, hostId: number, rows: SegmentRow[]): Promise<void> {
  if (rows.length === 0) return;
  let offset = 1;
  const offsets = rows.map(({ data }) => {
    offset += data.length;
    return offset - data.length;
  });
  const bytes = Buffer.concat(rows.map(({ data }) => data));
  const of = <T>(pick: (row: SegmentRow) => T) => rows.map(pick);
  await db.$executeRaw`
    INSERT INTO segment (host_id, series_id, tier, start, count, min, max, sum, last, data)
    SELECT ${hostId}::int, s.series_id, s.tier, to_timestamp(s.start / 1000), s.count, s.min, s.max, s.sum, s.last,
           substring(d.bytes FROM s.place FOR s.size)
    FROM (SELECT ${bytes}::bytea AS bytes) d, unnest(
      ${of((r) => r.seriesId)}::int[], ${of((r) => r.tier)}::smallint[], ${of((r) => r.start)}::float8[],
      ${of((r) => r.count)}::int[], ${of((r) => r.min)}::float8[], ${of((r) => r.max)}::float8[],
      ${of((r) => r.sum)}::float8[], ${of((r) => r.last)}::float8[], ${offsets}::int[], ${of((r) => r.data.length)}::int[]
    ) AS s(series_id, tier, start, count, min, max, sum, last, place, size)
    ON CONFLICT (host_id, series_id, tier, start) DO UPDATE SET
      count = excluded.count, min = excluded.min, max = excluded.max, sum = excluded.sum, last = excluded.last,
      data = excluded.data`;
}

/** How many rows (samples, or steps of a coarser tier) the segments of a range hold. */
export async function countSealed(
  db: Connection,
  hostId: number,
  seriesIds: number[],
  tier: Tier,
  range: { from: number; to: number },
): Promise<number> {
  const [row] = await db.$queryRaw<{ rows: number }[]>`
    SELECT coalesce(sum(count), 0)::float8 AS rows FROM segment
    WHERE host_id = ${hostId} AND series_id = ANY(${seriesIds}::int[]) AND tier = ${tier}
      AND start >= ${new Date(range.from)} AND start < ${new Date(range.to)}`;
  return row?.rows ?? 0;
}

/** The last sealed sample of each series before an instant: where counters' growth and gaps go on from. */
export async function lastSealed(
  db: Connection,
  hostId: number,
  seriesIds: number[],
  before: number,
): Promise<Map<number, LastSample>> {
  const segments = await readLastSegments(db, hostId, seriesIds, RAW, before);
  return new Map(segments.map(({ seriesId, data }) => [seriesId, lastOf(decodeSeries(data))]));
}

function lastOf({ times, values, intervals }: Series): LastSample {
  return { time: times.at(-1) as number, value: values.at(-1) as number, interval: intervals.at(-1) as number };
}
