import { RESOLUTION_NAMES, type Resolution } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";

/** What data of a resolution takes: rows are samples, or rollups of the coarser resolutions. */
type ResolutionStorage = {
  resolution: "frames" | Resolution;
  rows: number;
  bytes: number;
  from: Date | null;
};

export type Storage = {
  resolutions: ResolutionStorage[];
  /** Of all relations of the database, indexes included. */
  databaseBytes: number;
  /** What the last week added a day, once it is compacted; null before anything is. */
  growthBytesPerDay: number | null;
  /** All chunks, in bytes a sample; null before anything is. */
  bytesPerSample: number | null;
};

/** A coarse chunk begins long before its first sample: where that is the first compacted one, it is known better. */
function firstSample(start: Date, spanMs: number, raw: Date | undefined): Date {
  const within = raw !== undefined && raw >= start && raw.getTime() < start.getTime() + spanMs;
  return within ? raw : start;
}

/** Sizes from the catalogue and sums over chunks, none of which is opened; frames are counted by reading it. */
export async function measureStorage(db: Database, now: number): Promise<Storage> {
  const week = new Date(now - 7 * DAY_MS);
  const [chunks, [frames], [sizes]] = await Promise.all([
    db.$queryRaw<{ code: number; rows: number; bytes: number; from: Date; weekBytes: number; weekFrom: Date | null }[]>`
      SELECT resolution AS code, sum(count)::float8 AS rows, sum(length(data) + 100)::float8 AS bytes, min(start) AS "from",
             coalesce(sum(length(data) + 100) FILTER (WHERE start >= ${week}), 0)::float8 AS "weekBytes",
             min(start) FILTER (WHERE start >= ${week}) AS "weekFrom"
      FROM chunk GROUP BY resolution ORDER BY resolution`,
    db.$queryRaw<{ rows: number; bytes: number; from: Date | null }[]>`
      SELECT (SELECT coalesce(sum(array_length("values", 1)), 0) FROM frame)::float8 AS rows,
             (SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0) FROM pg_inherits WHERE inhparent = 'frame'::regclass)::float8 AS bytes,
             (SELECT min(at) FROM frame) AS "from"`,
    db.$queryRaw<{ database: number; chunk: number }[]>`
      SELECT pg_database_size(current_database())::float8 AS database, pg_total_relation_size('chunk')::float8 AS chunk`,
  ]);
  const raw = chunks.find(({ code }) => code === RESOLUTIONS.raw.code);
  const days = raw?.weekFrom ? Math.max((now - raw.weekFrom.getTime()) / DAY_MS, 0.25) : null;
  const weekBytes = chunks.reduce((sum, { weekBytes: bytes }) => sum + bytes, 0);
  return {
    resolutions: [
      { resolution: "frames", rows: frames?.rows ?? 0, bytes: frames?.bytes ?? 0, from: frames?.from ?? null },
      ...chunks.map(({ code, rows, bytes, from }) => {
        const resolution = RESOLUTION_NAMES[code] ?? "raw";
        return { resolution, rows, bytes, from: firstSample(from, RESOLUTIONS[resolution].spanMs, raw?.from) };
      }),
    ],
    databaseBytes: sizes?.database ?? 0,
    growthBytesPerDay: days ? weekBytes / days : null,
    bytesPerSample: raw && sizes ? sizes.chunk / raw.rows : null,
  };
}
