/** One second in ms. */
export const SECOND_MS = 1_000;
/** One minute in ms. */
export const MINUTE_MS = 60 * SECOND_MS;
/** One hour in ms. */
export const HOUR_MS = 60 * MINUTE_MS;
/** 24 hours in ms: a day of UTC. */
export const DAY_MS = 24 * HOUR_MS;
/** 365 days in ms. */
export const YEAR_MS = 365 * DAY_MS;
