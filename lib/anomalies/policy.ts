import { ALERT_THRESHOLD } from "#lib/anomalies/detector.ts";
import { ALL_HOSTS, type DetectionOverride } from "#lib/anomalies/overrides.ts";
import type { Settings } from "#lib/contract/settings.ts";
import { type MetricName, metricInfo } from "#lib/metrics/catalogue.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** How anomalies of one series are detected, and the evidence at which one begins. */
export type DetectionPolicy = {
  enabled: boolean;
  alertThreshold: number;
  seasonal: boolean;
};

/** Sizes that never move, what only grows, and what the findings of databases judge by its level. */
const UNMONITORED = new Set<string>([
  ...(["memory.total", "swap.total", "disk.total", "system.uptime"] satisfies MetricName[]),
  ...([
    ...(["postgres.up", "postgres.connections.state", "postgres.locks.waiting", "postgres.tuples"] as const),
    ...(["postgres.transaction.longest", "postgres.transaction.idle", "postgres.temp.bytes"] as const),
    ...(["postgres.wal.bytes", "postgres.checkpoints", "postgres.io.bytes", "postgres.replication.lag"] as const),
    ...(["postgres.replication.lag.bytes", "postgres.slot.retained", "postgres.database.size"] as const),
    ...(["postgres.table.dead", "pgbouncer.up", "pgbouncer.servers", "pgbouncer.wait"] as const),
  ] satisfies MetricName[]),
]);

/** A bucket of a histogram says nothing alone, and neither does what processes of the portal measure of themselves. */
const PARTS = /_bucket$|^(sightline|traces\.span|http\.server\.request)\./;

/** What Sightline measures of itself is left out too, until an override says otherwise. */
const isMonitored = (metric: string): boolean =>
  !UNMONITORED.has(metric) && !PARTS.test(metric) && metricInfo(metric).group !== "Sightline";

/** The evidence at which an anomaly begins. Sensitivity (0 to 10) 5 is the tested default; each step is a factor: 10 needs half the evidence and 0 twice as much. */
export const alertThresholdFor = (sensitivity: number): number => ALERT_THRESHOLD * 2 ** ((5 - sensitivity) / 5);

type PolicyInput = { settings: Settings; overrides: DetectionOverride[] };

/** The policy of a metric on a host: its own override first, then that for all hosts, then the settings. */
export function policyFor({ settings, overrides }: PolicyInput, hostId: number, metric: string): DetectionPolicy {
  const own = overrides.find((override) => override.metric === metric && override.hostId === hostId);
  const all = overrides.find((override) => override.metric === metric && override.hostId === ALL_HOSTS);
  return {
    enabled: settings.detection && (own?.enabled ?? all?.enabled ?? isMonitored(metric)),
    alertThreshold: alertThresholdFor(own?.sensitivity ?? all?.sensitivity ?? settings.detection_sensitivity),
    seasonal: own?.seasonal ?? all?.seasonal ?? settings.detection_seasons,
  };
}

/** Which anomalies of a series are alike. */
export const anomalyPattern = (type: string, direction: string): string => `${type} ${direction}`;

const HALF_LIFE_MS = 30 * DAY_MS;

/**
 * The factor by which earlier false alarms (ms) of the same pattern raise the alert threshold: each by half, and half as much every 30
 * days, so that a pattern once marked as harmless needs more evidence and is not silenced for ever.
 */
export function feedbackFactor(falseAlarms: number[], now: number): number {
  return 1.5 ** falseAlarms.reduce((sum, at) => sum + 0.5 ** ((now - at) / HALF_LIFE_MS), 0);
}
