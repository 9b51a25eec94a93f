import type { Resolution } from "#lib/contract/enums.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/**
 * By resolution, finest first: how its rows are marked in the database, the step of its samples (raw has none), the span of its chunks, and how
 * much of a span a chunk holds as it is first written; all in ms. Spans and parts begin at whole multiples of themselves since the epoch.
 */
export const RESOLUTIONS: Readonly<
  Record<Resolution, { code: 0 | 1 | 2; stepMs: number; spanMs: number; partMs: number }>
> = {
  raw: { code: 0, stepMs: 0, spanMs: 6 * HOUR_MS, partMs: 6 * HOUR_MS },
  minute: { code: 1, stepMs: MINUTE_MS, spanMs: DAY_MS, partMs: 6 * HOUR_MS },
  hour: { code: 2, stepMs: HOUR_MS, spanMs: 30 * DAY_MS, partMs: DAY_MS },
};

/** Where the span begins that holds an instant; both in ms since the epoch. */
export const chunkStart = (at: number, resolution: Resolution): number =>
  Math.floor(at / RESOLUTIONS[resolution].spanMs) * RESOLUTIONS[resolution].spanMs;
