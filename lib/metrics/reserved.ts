/** What the portal itself records of SLOs, and pages people by: from anybody else it would be a forged alarm. */
const RESERVED = ["slo_burn_rate", "slo_failed_events", "slo_budget_left"];

/** Whether only the portal itself may store a metric, whichever way its name is written. */
export const isReserved = (metric: string): boolean => RESERVED.includes(metric.replace(/[^a-zA-Z0-9_]/g, "_"));

/** What is said to whoever sends one. */
export const RESERVED_REASON = "only the portal itself records it";
