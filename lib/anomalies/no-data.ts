import type { RunningAnomaly } from "#lib/anomalies/read-feedback.ts";
import type { AnomalyUpdate } from "#lib/anomalies/record-anomalies.ts";
import type { SignOfLife } from "#lib/hosts/hosts.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

/** Under this name a host that sends nothing stands among anomalies. No series has it. */
export const NO_DATA = "host.no_data";

/** So long (ms) without a sample, or three intervals where that is longer, and it is an incident. */
const ALERT_AFTER_MS = 5 * MINUTE_MS;

/** Decades; more than the most that values can have: of an incident's anomalies this one says most. */
const EVIDENCE = 400;

/** What is known of a host when it is looked at: `watchedSince` is since when somebody has looked, ms. */
export type HostWatch = SignOfLife & { now: number; watchedSince: number; running: RunningAnomaly | undefined };

/** The series whose chart shows the gap best, of those that a host has. */
export const shownSeries = (series: SeriesInfo[]): SeriesInfo | undefined =>
  series.find(({ metric }) => metric === "cpu.usage") ?? series.toSorted((a, b) => a.id - b.id)[0];

/**
 * The anomaly of a host that sends nothing: it begins with the newest sample, goes on, and ends when samples come again. Undefined where
 * there is none. While nobody looked, nothing is said: a portal that was stopped has not seen its hosts fall silent.
 */
export function noDataUpdate(seriesId: number, watch: HostWatch): AnomalyUpdate | undefined {
  const { lastSampleAt, silentAfterMs, now, watchedSince, running } = watch;
  const newest = lastSampleAt?.getTime();
  const limitMs = Math.max(ALERT_AFTER_MS, silentAfterMs);
  const silent = newest === undefined || now - newest >= limitMs;
  if (!running && (!silent || newest === undefined || now - watchedSince < limitMs)) return undefined;
  const detectedAt = running?.detectedAt ?? newest ?? now;
  return {
    seriesId: running?.seriesId ?? seriesId,
    ...{
      metric: NO_DATA,
      series: NO_DATA,
      source: "no_data",
      type: "no_data",
      direction: "down",
      severity: "critical",
    },
    detectedAt,
    lastAt: Math.max(now, running?.lastAt ?? 0),
    endedAt: silent || newest <= detectedAt ? null : newest,
    ...{ score: 0.99, evidence: EVIDENCE, confidence: 1, value: 0, expected: 1, deviation: 0 },
    reason: "The host sends no samples: it is off, its agent is stopped, or the network between is down",
  };
}
