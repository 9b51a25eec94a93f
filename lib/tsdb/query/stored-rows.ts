import type { Resolution } from "#lib/contract/enums.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Reader } from "#lib/db/reading.ts";
import { latestNow } from "#lib/time/clock.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import type { Newest } from "#lib/tsdb/held/held-series.ts";
import { decodeRuns, type FrameRun } from "#lib/tsdb/query/frame-runs.ts";
import { keyOf, type Range, type SeriesKey } from "#lib/tsdb/query/series-key.ts";

/** A slice of a frame's values is sent, or where it would be that many times as long as what is wanted of it, each value by its position. */
const WIDEST_SLICE = 8;

/** The frames of a range in which series have values; `positions` counts from the first value that is sent. */
function framesOf(hosts: readonly number[], ids: readonly number[], { from, to }: Range): Prisma.Sql {
  const span = Prisma.sql`f.at >= ${new Date(from)} AND f.at < ${new Date(to)}`;
  // Of a source with many schemas, most of them from another time, only those are read that have frames in the range.
  return Prisma.sql`
    WITH schemas AS MATERIALIZED (
      SELECT fs.host_id, fs.source_id, fs.id, fs.interval_ms, w.*, w.high - w.low < ${WIDEST_SLICE}::int * cardinality(w.ids) AS sliced,
        count(*) OVER (PARTITION BY fs.host_id, fs.source_id) > 1 AS many
      FROM frame_schema fs CROSS JOIN LATERAL (
        SELECT array_agg(u.id ORDER BY u.n) AS ids, array_agg(u.n::int ORDER BY u.n) AS indexes, min(u.n)::int AS low, max(u.n)::int AS high
        FROM unnest(fs.series_ids) WITH ORDINALITY u (id, n) WHERE u.id = ANY(${ids}::int[])
      ) w
      WHERE fs.host_id = ANY(${[...new Set(hosts)]}::int[]) AND fs.series_ids && ${ids}::int[]
    ), present AS MATERIALIZED (
      SELECT source.host_id, used.id FROM (SELECT DISTINCT host_id, source_id FROM schemas WHERE many) source
      CROSS JOIN LATERAL (
        SELECT DISTINCT f.frame_schema_id AS id FROM frame f
        WHERE f.host_id = source.host_id AND f.source_id = source.source_id AND ${span}
      ) used
    )
    SELECT 'frames' AS part, s.host_id AS "hostId", s.interval_ms AS "intervalMs", s.ids, encode(run.data, 'base64') AS base64, run.count,
      CASE WHEN s.sliced THEN ARRAY(SELECT i - s.low FROM unnest(s.indexes) i) ELSE ARRAY(SELECT generate_series(0, cardinality(s.ids) - 1)) END AS positions,
      NULL::float8 AS at
    FROM schemas s CROSS JOIN LATERAL (
      SELECT string_agg(timestamptz_send(f.at) || CASE WHEN s.sliced THEN array_send(f."values"[s.low:s.high])
        ELSE array_send(ARRAY(SELECT f."values"[i] FROM unnest(s.indexes) i)) END, ''::bytea) AS data, count(*)::int AS count
      FROM (
        SELECT f.at, f."values" FROM frame f
        WHERE f.host_id = s.host_id AND f.source_id = s.source_id AND f.frame_schema_id = s.id AND ${span} ORDER BY f.at
      ) f
    ) run
    WHERE (NOT s.many OR (s.host_id, s.id) IN (SELECT host_id, id FROM present)) AND run.data IS NOT NULL`;
}

/** The chunks of series that reach into a range. */
const chunksOf = (
  hosts: readonly number[],
  ids: readonly number[],
  { from, to }: Range,
  resolution: Resolution,
): Prisma.Sql => Prisma.sql`
  UNION ALL SELECT 'chunk', c.host_id, NULL, ARRAY[c.series_id], encode(c.data, 'base64'), NULL, NULL, (extract(epoch FROM c.start) * 1000)::float8
  FROM unnest(${hosts}::int[], ${ids}::int[]) AS s (host_id, id)
  JOIN chunk c ON c.host_id = s.host_id AND c.series_id = s.id AND c.resolution = ${RESOLUTIONS[resolution].code}
    AND c.start >= ${new Date(chunkStart(from, resolution))} AND c.start < ${new Date(to)}`;

/** The newest frames of sources up to now. */
const newestOf = (sources: readonly SeriesKey[]): Prisma.Sql => Prisma.sql`
  UNION ALL SELECT 'source', s.host_id, f.interval_ms, ARRAY[s.id], NULL, NULL, NULL, (extract(epoch FROM f.at) * 1000)::float8
  FROM unnest(${sources.map((s) => s.hostId)}::int[], ${sources.map((s) => s.sourceId)}::int[]) AS s (host_id, id) CROSS JOIN LATERAL (
    SELECT f.at, fs.interval_ms FROM frame f JOIN frame_schema fs ON fs.host_id = f.host_id AND fs.id = f.frame_schema_id
    WHERE f.host_id = s.host_id AND f.source_id = s.id AND f.at <= ${new Date(latestNow(Date.now()))} ORDER BY f.at DESC LIMIT 1
  ) f`;

type Row =
  | (FrameRun & { part: "frames" })
  | { part: "chunk"; hostId: number; ids: [number]; base64: string; at: number }
  | { part: "source"; hostId: number; ids: [number]; intervalMs: number; at: number };

/** What is stored of series: samples of frames and bytes of chunks by the keys of the series, oldest first, and the newest frames by those of the sources. */
export type Stored = {
  frames: Awaited<ReturnType<typeof decodeRuns>>;
  chunks: Map<string, Uint8Array[]>;
  newest: Map<string, Newest>;
};

/**
 * Reads what is stored of series of any hosts in a range, in one statement: what is compacted meanwhile is there once. Without a resolution no chunks are read.
 */
export async function readStored(
  db: Reader,
  series: readonly SeriesKey[],
  range: Range,
  resolution?: Resolution,
): Promise<Stored> {
  const hosts = series.map(({ hostId }) => hostId);
  const ids = series.map(({ id }) => id);
  const sources = [...new Map(series.map((own) => [keyOf(own.hostId, own.sourceId), own])).values()];
  const rows = await db.$queryRaw<Row[]>(
    Prisma.sql`${framesOf(hosts, ids, range)} ${resolution ? chunksOf(hosts, ids, range, resolution) : Prisma.empty} ${newestOf(sources)}`,
  );
  const stored: Stored = { frames: new Map(), chunks: new Map(), newest: new Map() };
  const runs: FrameRun[] = [];
  const chunks: (Row & { part: "chunk" })[] = [];
  for (const row of rows) {
    if (row.part === "frames") runs.push(row);
    else if (row.part === "chunk") chunks.push(row);
    else stored.newest.set(keyOf(row.hostId, row.ids[0]), { at: row.at, intervalMs: row.intervalMs });
  }
  for (const {
    hostId,
    ids: [id],
    base64,
  } of chunks.sort((a, b) => a.at - b.at)) {
    const key = keyOf(hostId, id);
    const list = stored.chunks.get(key) ?? [];
    list.push(Buffer.from(base64, "base64"));
    stored.chunks.set(key, list);
  }
  stored.frames = await decodeRuns(runs);
  return stored;
}
