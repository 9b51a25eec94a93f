import type { Database } from "#lib/db/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { TIERS, type Tier } from "#lib/tsdb/chunks/resolution.ts";

/** What a tier of the store takes: rows are samples, or steps of the coarser tiers. */
type TierStorage = {
  tier: "frames" | "raw" | "minutes" | "hours";
  rows: number;
  bytes: number;
  from: Date | null;
};

export type Storage = {
  tiers: TierStorage[];
  /** Of all relations of the database, indexes included. */
  databaseBytes: number;
  /** What the last week added a day, once it is sealed; null before anything is. */
  growthBytesPerDay: number | null;
  /** All that is sealed, in bytes a sample; null before anything is. */
  bytesPerSample: number | null;
};

const NAMES = ["raw", "minutes", "hours"] as const;

/** A coarse segment begins long before its first sample: where that is the first sealed one, it is known better. */
function firstSample(start: Date, spanMs: number, raw: Date | undefined): Date {
  const within = raw !== undefined && raw >= start && raw.getTime() < start.getTime() + spanMs;
  return within ? raw : start;
}

/** Sizes from the catalogue and sums over segments, none of which is opened; what is not sealed is counted by reading it. */
export async function measureStorage(db: Database, now: number): Promise<Storage> {
  const week = new Date(now - 7 * DAY_MS);
  const [segments, [frames], [sizes]] = await Promise.all([
    db.$queryRaw<{ tier: number; rows: number; bytes: number; from: Date; weekBytes: number; weekFrom: Date | null }[]>`
      SELECT tier, sum(count)::float8 AS rows, sum(length(data) + 100)::float8 AS bytes, min(start) AS "from",
             coalesce(sum(length(data) + 100) FILTER (WHERE start >= ${week}), 0)::float8 AS "weekBytes",
             min(start) FILTER (WHERE start >= ${week}) AS "weekFrom"
      FROM segment GROUP BY tier ORDER BY tier`,
    db.$queryRaw<{ rows: number; bytes: number; from: Date | null }[]>`
      SELECT (SELECT coalesce(sum(array_length("values", 1)), 0) FROM frame)::float8 AS rows,
             (SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0) FROM pg_inherits WHERE inhparent = 'frame'::regclass)::float8 AS bytes,
             (SELECT min(at) FROM frame) AS "from"`,
    db.$queryRaw<{ database: number; segment: number }[]>`
      SELECT pg_database_size(current_database())::float8 AS database, pg_total_relation_size('segment')::float8 AS segment`,
  ]);
  const raw = segments.find(({ tier }) => tier === 0);
  const days = raw?.weekFrom ? Math.max((now - raw.weekFrom.getTime()) / DAY_MS, 0.25) : null;
  const weekBytes = segments.reduce((sum, { weekBytes: bytes }) => sum + bytes, 0);
  return {
    tiers: [
      { tier: "frames", rows: frames?.rows ?? 0, bytes: frames?.bytes ?? 0, from: frames?.from ?? null },
      ...segments.map(({ tier, rows, bytes, from }) => ({
        tier: NAMES[tier] ?? "raw",
        rows,
        bytes,
        from: firstSample(from, TIERS[tier as Tier].spanMs, raw?.from),
      })),
    ],
    databaseBytes: sizes?.database ?? 0,
    growthBytesPerDay: days ? weekBytes / days : null,
    bytesPerSample: raw && sizes ? sizes.segment / raw.rows : null,
  };
}
