import type { Resolution } from "#lib/contract/enums.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/**
 * By resolution, finest first: how its rows are marked in the database, the step of its samples (raw has none) and the
 * span of its chunks, both in ms. Spans begin at whole multiples of themselves since the epoch.
 */
export const RESOLUTIONS: Readonly<Record<Resolution, { code: 0 | 1 | 2; stepMs: number; spanMs: number }>> = {
  raw: { code: 0, stepMs: 0, spanMs: 6 * HOUR_MS },
  minute: { code: 1, stepMs: MINUTE_MS, spanMs: DAY_MS },
  hour: { code: 2, stepMs: HOUR_MS, spanMs: 30 * DAY_MS },
};

/** Where the chunk that holds an instant begins; both in ms since the epoch. */
export const chunkStart = (at: number, resolution: Resolution): number =>
  Math.floor(at / RESOLUTIONS[resolution].spanMs) * RESOLUTIONS[resolution].spanMs;
