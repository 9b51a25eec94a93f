/** What the portal itself records of each SLO, and pages people by: from anybody else it would be a forged alarm. */
export const [BURN_RATE, FAILED_EVENTS, BUDGET_LEFT] = [
  "slo.burn_rate",
  "slo.failed_events",
  "slo.budget_left",
] as const;

const plain = (metric: string): string => metric.replace(/[^a-zA-Z0-9_]/g, "_");
const RESERVED = [BURN_RATE, FAILED_EVENTS, BUDGET_LEFT].map(plain);

/** Whether only the portal itself may store a metric, whichever way its name is written. */
export const isReserved = (metric: string): boolean => RESERVED.includes(plain(metric));

/** What is said to whoever sends one. */
export const RESERVED_REASON = "only the portal itself records it";
