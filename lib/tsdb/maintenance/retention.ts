import type { Database } from "#lib/db/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { HOURS, MINUTES, RAW, TIERS, type Tier } from "#lib/tsdb/chunks/resolution.ts";

/** How many days samples of each resolution are kept. */
export type RetentionSettings = Record<"retention_period" | "retention_minutes" | "retention_hours", number>;

/** What a run takes away, or would: segments and their bytes by tier, and the instant before which, ms since the epoch. */
export type RetentionPlan = { tier: Tier; before: number; segments: number; bytes: number }[];

/** A segment goes when all of it is older than its tier is kept. */
export function cutoffs(settings: RetentionSettings, now: number): Record<Tier, number> {
  const before = (tier: Tier, days: number) => now - days * DAY_MS - TIERS[tier].spanMs;
  return {
    [RAW]: before(RAW, settings.retention_period),
    [MINUTES]: before(MINUTES, settings.retention_minutes),
    [HOURS]: before(HOURS, settings.retention_hours),
  };
}

const TIER_LIST: Tier[] = [RAW, MINUTES, HOURS];

/** Says what a run would take away, and takes nothing. */
export async function planRetention(db: Database, settings: RetentionSettings, now: number): Promise<RetentionPlan> {
  const limits = cutoffs(settings, now);
  return Promise.all(
    TIER_LIST.map(async (tier) => {
      const [row] = await db.$queryRaw<{ segments: number; bytes: number }[]>`
        SELECT count(*)::float8 AS segments, coalesce(sum(length(data)), 0)::float8 AS bytes
        FROM segment WHERE tier = ${tier} AND start < ${new Date(limits[tier])}`;
      return { tier, before: limits[tier], segments: row?.segments ?? 0, bytes: row?.bytes ?? 0 };
    }),
  );
}

/** Takes away what is older than it is kept; answers the number of segments. Again at once it takes nothing. */
export async function applyRetention(db: Database, settings: RetentionSettings, now: number): Promise<number> {
  const limits = cutoffs(settings, now);
  let gone = 0;
  for (const tier of TIER_LIST) {
    const { count } = await db.segment.deleteMany({ where: { tier, start: { lt: new Date(limits[tier]) } } });
    gone += count;
  }
  return gone;
}
