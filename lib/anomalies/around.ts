import { HOUR_MS } from "#lib/time/durations.ts";

const BEFORE_MS = 6 * HOUR_MS;
const AFTER_MS = 2 * HOUR_MS;

/** What surrounds an anomaly on its page, [from, to) in ms. */
export const aroundAnomaly = ({ detectedAt, lastAt }: { detectedAt: Date; lastAt: Date }) => ({
  from: detectedAt.getTime() - BEFORE_MS,
  to: lastAt.getTime() + AFTER_MS,
});
