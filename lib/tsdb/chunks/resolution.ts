import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** How finely samples are kept: as they came, by the minute, by the hour. */
export type Tier = 0 | 1 | 2;
export const RAW = 0;
export const MINUTES = 1;
export const HOURS = 2;

/** The step of a tier's rows (raw has none) and the span of its segments, ms; spans begin at whole multiples. */
export const TIERS: Record<Tier, { stepMs: number; spanMs: number }> = {
  [RAW]: { stepMs: 0, spanMs: 6 * HOUR_MS },
  [MINUTES]: { stepMs: MINUTE_MS, spanMs: DAY_MS },
  [HOURS]: { stepMs: HOUR_MS, spanMs: 30 * DAY_MS },
};

export const spanStart = (at: number, tier: Tier): number => Math.floor(at / TIERS[tier].spanMs) * TIERS[tier].spanMs;
