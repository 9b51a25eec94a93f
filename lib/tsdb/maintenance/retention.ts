import { RESOLUTION_NAMES, type Resolution } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";

/** How many days samples of each resolution are kept. */
export type RetentionSettings = Record<"retention_raw_days" | "retention_minute_days" | "retention_hour_days", number>;

/** What a run takes away, or would: chunks and their bytes by resolution, and the instant before which, ms since the epoch. */
export type RetentionPlan = { resolution: Resolution; before: number; chunks: number; bytes: number }[];

/** A chunk goes when all of it is older than its resolution is kept. */
export function cutoffs(settings: RetentionSettings, now: number): Record<Resolution, number> {
  const before = (resolution: Resolution, days: number) => now - days * DAY_MS - RESOLUTIONS[resolution].spanMs;
  return {
    raw: before("raw", settings.retention_raw_days),
    minute: before("minute", settings.retention_minute_days),
    hour: before("hour", settings.retention_hour_days),
  };
}

/** Says what a run would take away, and takes nothing. */
export async function planRetention(db: Database, settings: RetentionSettings, now: number): Promise<RetentionPlan> {
  const limits = cutoffs(settings, now);
  return Promise.all(
    RESOLUTION_NAMES.map(async (resolution) => {
      const [row] = await db.$queryRaw<{ chunks: number; bytes: number }[]>`
        SELECT count(*)::float8 AS chunks, coalesce(sum(length(data)), 0)::float8 AS bytes
        FROM chunk WHERE resolution = ${RESOLUTIONS[resolution].code} AND start < ${new Date(limits[resolution])}`;
      return { resolution, before: limits[resolution], chunks: row?.chunks ?? 0, bytes: row?.bytes ?? 0 };
    }),
  );
}

/** Takes away what of some resolutions is older than it is kept; answers the number of chunks. Again at once it takes nothing. */
export async function applyRetention(
  db: Database,
  settings: RetentionSettings,
  now: number,
  resolutions: readonly Resolution[] = RESOLUTION_NAMES,
): Promise<number> {
  const limits = cutoffs(settings, now);
  let gone = 0;
  for (const resolution of resolutions) {
    const { count } = await db.chunk.deleteMany({
      where: { resolution: RESOLUTIONS[resolution].code, start: { lt: new Date(limits[resolution]) } },
    });
    gone += count;
  }
  return gone;
}
