import { anomalyPattern } from "#lib/anomalies/policy.ts";
import type { AnomalySource } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** False alarms older than this weigh nothing any more. */
const FEEDBACK_MS = 180 * DAY_MS;

/** When patterns were marked as false alarms (ms) in the half year before `now` (ms), by series id and then by pattern. */
export async function readFalseAlarms(
  db: Connection,
  hostId: number,
  now: number,
): Promise<Map<number, Map<string, number[]>>> {
  const rows = await db.performanceAnomaly.findMany({
    where: { hostId, status: "false_alarm", statusAt: { gte: new Date(now - FEEDBACK_MS) } },
    select: { seriesId: true, type: true, direction: true, statusAt: true },
  });
  const alarms = new Map<number, Map<string, number[]>>();
  for (const { seriesId, type, direction, statusAt } of rows) {
    const patterns = alarms.get(seriesId) ?? new Map<string, number[]>();
    const pattern = anomalyPattern(type, direction);
    patterns.set(pattern, [...(patterns.get(pattern) ?? []), statusAt?.getTime() ?? now]);
    alarms.set(seriesId, patterns);
  }
  return alarms;
}

/** What is needed of an anomaly to go on with it after a restart; times in ms. */
export type RunningAnomaly = {
  seriesId: number;
  source: AnomalySource;
  detectedAt: number;
  lastAt: number;
  endedAt: null;
};

/** The anomalies of a host from a source that have not ended. */
export async function readRunningAnomalies(
  db: Connection,
  hostId: number,
  source: AnomalySource,
): Promise<RunningAnomaly[]> {
  const rows = await db.performanceAnomaly.findMany({ where: { hostId, endedAt: null, source } });
  return rows.map(({ seriesId, detectedAt, lastAt }) => ({
    seriesId,
    source,
    detectedAt: detectedAt.getTime(),
    lastAt: lastAt.getTime(),
    endedAt: null,
  }));
}
