import type { Resolution } from "#lib/contract/enums.ts";
import type { Writer } from "#lib/db/binary-transaction.ts";
import type { Reader } from "#lib/db/reading.ts";
import { staleMarkers } from "#lib/metrics/stale-marker.ts";
import type { Summary } from "#lib/tsdb/chunks/chunks.ts";
import { peekSamples, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import type { LastSample } from "#lib/tsdb/chunks/rollup.ts";

export type ChunkRow = Summary & { seriesId: number; resolution: Resolution; start: number; data: Uint8Array };

/** Chunks by series and start, oldest first. */
export async function readChunks(
  db: Reader,
  hostId: number,
  seriesIds: number[],
  resolution: Resolution,
  range: { from: number; to: number },
): Promise<{ seriesId: number; start: number; data: Uint8Array }[]> {
  return db.$queryRaw`
    SELECT series_id AS "seriesId", (extract(epoch FROM start) * 1000)::float8 AS start, data FROM chunk
    WHERE host_id = ${hostId} AND series_id = ANY(${seriesIds}::int[]) AND resolution = ${RESOLUTIONS[resolution].code}
      AND start >= ${new Date(range.from)} AND start < ${new Date(range.to)}
    ORDER BY series_id, start`;
}

type ChunkPlace = { resolution: Resolution; start: number };

/** The chunks of series that begin at some instants (ms) in some resolutions. */
export async function readChunksAt(
  db: Reader,
  hostId: number,
  seriesIds: number[],
  places: ChunkPlace[],
): Promise<(ChunkPlace & { seriesId: number; data: Uint8Array })[]> {
  const codes = places.map(({ resolution }) => RESOLUTIONS[resolution].code);
  const starts = places.map(({ start }) => new Date(start));
  const rows = await db.$queryRaw<{ seriesId: number; n: number; data: Uint8Array }[]>`
    SELECT wanted.id AS "seriesId", spot.n::int AS n, c.data
    FROM unnest(${seriesIds}::int[]) AS wanted(id)
    CROSS JOIN unnest(${codes}::smallint[], ${starts}::timestamptz[]) WITH ORDINALITY AS spot(resolution, start, n)
    CROSS JOIN LATERAL (
      SELECT data FROM chunk WHERE host_id = ${hostId} AND series_id = wanted.id AND resolution = spot.resolution AND start = spot.start LIMIT 1
    ) c`;
  return rows.map(({ seriesId, n, data }) => ({ ...(places[n - 1] as ChunkPlace), seriesId, data }));
}

/** The newest chunk of each series that begins before an instant (ms since the epoch). */
async function readLastChunks(
  db: Reader,
  hostId: number,
  seriesIds: number[],
  resolution: Resolution,
  before: number,
): Promise<{ seriesId: number; data: Uint8Array }[]> {
  return db.$queryRaw`
    SELECT wanted.id AS "seriesId", s.data FROM unnest(${seriesIds}::int[]) AS wanted(id) CROSS JOIN LATERAL (
      SELECT data FROM chunk WHERE host_id = ${hostId} AND series_id = wanted.id AND resolution = ${RESOLUTIONS[resolution].code}
        AND start < ${new Date(before)} ORDER BY start DESC LIMIT 1
    ) s`;
}

/** Writes chunks over those that are there, in one statement: their data goes as one run of bytes. */
export async function writeChunks(db: Writer, hostId: number, rows: ChunkRow[]): Promise<void> {
  if (rows.length === 0) return;
  let offset = 1;
  const offsets = rows.map(({ data }) => {
    offset += data.length;
    return offset - data.length;
  });
  const bytes = Buffer.concat(rows.map(({ data }) => data));
  const pick = <T>(column: (row: ChunkRow) => T) => rows.map(column);
  await db.$executeRaw`
    INSERT INTO chunk (host_id, series_id, resolution, start, count, min, max, sum, last, data)
    SELECT ${hostId}::int, s.series_id, s.resolution, to_timestamp(s.start / 1000), s.count, s.min, s.max, s.sum, s.last,
           substring(d.bytes FROM s.position FOR s.size)
    FROM (SELECT ${bytes}::bytea AS bytes) d, unnest(
      ${pick((r) => r.seriesId)}::int[], ${pick((r) => RESOLUTIONS[r.resolution].code)}::smallint[], ${pick((r) => r.start)}::float8[],
      ${pick((r) => r.count)}::int[], ${pick((r) => r.min)}::float8[], ${pick((r) => r.max)}::float8[],
      ${pick((r) => r.sum)}::float8[], ${pick((r) => r.last)}::float8[], ${offsets}::int[], ${pick((r) => r.data.length)}::int[]
    ) AS s(series_id, resolution, start, count, min, max, sum, last, position, size)
    ON CONFLICT (host_id, series_id, resolution, start) DO UPDATE SET
      count = excluded.count, min = excluded.min, max = excluded.max, sum = excluded.sum, last = excluded.last,
      data = excluded.data`;
}

/** How many samples, or steps of a coarser resolution, the chunks of a range hold. */
export async function countChunkRows(
  db: Reader,
  hostId: number,
  seriesIds: number[],
  resolution: Resolution,
  range: { from: number; to: number },
): Promise<number> {
  const [row] = await db.$queryRaw<{ rows: number }[]>`
    SELECT coalesce(sum(count), 0)::float8 AS rows FROM chunk
    WHERE host_id = ${hostId} AND series_id = ANY(${seriesIds}::int[]) AND resolution = ${RESOLUTIONS[resolution].code}
      AND start >= ${new Date(range.from)} AND start < ${new Date(range.to)}`;
  return row?.rows ?? 0;
}

/** The last compacted sample of each series before an instant: where counters' growth and gaps go on from. */
export async function readLastSamples(
  db: Reader,
  hostId: number,
  seriesIds: number[],
  before: number,
): Promise<Map<number, LastSample>> {
  const chunks = await readLastChunks(db, hostId, seriesIds, "raw", before);
  return new Map(
    chunks.flatMap(({ seriesId, data }) => {
      const last = lastOf(peekSamples(data));
      return last ? [[seriesId, last] as const] : [];
    }),
  );
}

/** The last finite sample; one after which the series ended has no interval. */
function lastOf({ times, values, intervals }: SampleColumns): LastSample | undefined {
  const at = values.findLastIndex(Number.isFinite);
  if (at < 0) return undefined;
  const ended = staleMarkers(values.subarray(at)) !== undefined;
  return { time: times[at] as number, value: values[at] as number, interval: ended ? 0 : (intervals[at] as number) };
}
