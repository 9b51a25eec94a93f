import { MINUTE_MS } from "#lib/time/durations.ts";

/** How far (ms) the clocks of machines may differ. A time further ahead of now is of a wrong clock and proves nothing. */
export const CLOCK_TOLERANCE_MS = MINUTE_MS;

/** The latest time (ms) that can be of now, by whichever clock. */
export const latestNow = (now: number): number => now + CLOCK_TOLERANCE_MS;

/** Does a time (ms) lie further in the future than clocks differ? */
export const isAhead = (at: number, now: number): boolean => at > latestNow(now);

/** The clocks of a process, ms: the machine's, which people and time servers set, and one that only runs on. */
export type Clocks = { now(): number; monotonic(): number };

/** The clocks of this machine. The second stands still while the machine sleeps. */
export const SYSTEM_CLOCKS: Clocks = { now: () => Date.now(), monotonic: () => performance.now() };
