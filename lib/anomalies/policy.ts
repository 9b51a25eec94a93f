import { THRESHOLD } from "#lib/anomalies/detector.ts";
import { ALL_HOSTS, type Override } from "#lib/anomalies/overrides.ts";
import { LIMIT_OF } from "#lib/anomalies/thresholds.ts";
import type { Settings } from "#lib/settings/schema.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** How one series is watched: the evidence that raises an event, and the static limit, if it has one. */
export type Policy = { enabled: boolean; bar: number; limit: number | undefined; seasonal: boolean };

/** Totals that never move, what only grows, and what Sightline measures of itself. */
const NOT_WATCHED = /^(collector|spool)\.|\.total$|^system\.uptime$/;

/** Sensitivity 5 is the tested default; each step is a factor, 10 needs half the evidence and 0 twice as much. */
export const barFor = (sensitivity: number): number => THRESHOLD * 2 ** ((5 - sensitivity) / 5);

type Choice = { settings: Settings; overrides: Override[] };

/** The policy of a metric on a host: its own override first, then that for all hosts, then the settings. */
export function policyFor({ settings, overrides }: Choice, hostId: number, metric: string): Policy {
  const own = overrides.find((one) => one.metric === metric && one.hostId === hostId);
  const all = overrides.find((one) => one.metric === metric && one.hostId === ALL_HOSTS);
  const limitKey = (LIMIT_OF as Record<string, keyof Settings | undefined>)[metric];
  return {
    enabled: settings.detection && (own?.enabled ?? all?.enabled ?? !NOT_WATCHED.test(metric)),
    bar: barFor(own?.sensitivity ?? all?.sensitivity ?? settings.detection_sensitivity),
    limit: own?.limit ?? all?.limit ?? (limitKey ? (settings[limitKey] as number) : undefined),
    seasonal: own?.seasonal ?? all?.seasonal ?? settings.detection_seasons,
  };
}

/** Which anomalies of a series are alike. */
export const patternOf = (type: string, direction: string): string => `${type} ${direction}`;

const HALF_LIFE_MS = 30 * DAY_MS;

/**
 * What earlier false alarms of the same pattern do to the bar: each raises it by half, and counts half as much every 30
 * days, so that a pattern once called harmless needs more evidence and is not silenced for ever.
 */
export function feedbackFactor(falseAlarms: number[], now: number): number {
  return 1.5 ** falseAlarms.reduce((sum, at) => sum + 0.5 ** ((now - at) / HALF_LIFE_MS), 0);
}
