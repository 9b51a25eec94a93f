import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

const LONGEST_PAUSE_MS = MINUTE_MS;

/**
 * How long to wait (ms) after so many failures in a row, at least around `leastMs`: longer each time, and for each agent differently, as all see the
 * portal return at once.
 */
export function backOffMs(failures: number, leastMs = 0): number {
  const usual = Math.min(SECOND_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return Math.max(usual, leastMs) * (0.5 + Math.random());
}
