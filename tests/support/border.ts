import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { RESOLUTIONS } from "#lib/tsdb/maintenance.ts";

const { spanMs } = RESOLUTIONS.raw;

/** A border between two spans, a day ago: samples of some hours after it are past at any time of day. */
export const BORDER = Math.floor(Date.now() / spanMs) * spanMs - DAY_MS;

/** When to compact so that what is before the border is compacted, and what comes after it is not. */
export const COMPACTED_AT = BORDER + HOUR_MS;
