import type { AnomalySource, AnomalyType, Direction, Severity } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** An anomaly as its series has it after one more minute: the same one again (by series, source and onset) only grows. Times in ms. */
export type AnomalyUpdate = {
  seriesId: number;
  source: AnomalySource;
  detectedAt: number;
  lastAt: number;
  /** Null while it goes on. */
  endedAt: number | null;
  metric: string;
  /** The series' name with its labels. */
  series: string;
  type: AnomalyType;
  direction: Direction;
  severity: Severity;
  /** In [0, 1); 0.5 is where an anomaly begins. */
  score: number;
  /** Decades of surprise; of a threshold, the value as a multiple of it. */
  evidence: number;
  /** How likely it is a true one, 0 to 1. */
  confidence: number;
  /** These three in the unit of the series, of a counter per second. */
  value: number;
  expected: number;
  deviation: number;
  reason: string;
};

/** An incident that has gone on for so long (ms) takes in no more, or a threshold that stays exceeded would gather everything. */
const MAX_INCIDENT_MS = HOUR_MS;

/** The incident that an anomaly belongs to: one whose activity is less than `pauseMs` away, or a new one. */
async function findIncidentFor(
  tx: Connection,
  hostId: number,
  anomaly: AnomalyUpdate,
  pauseMs: number,
): Promise<number> {
  const near = await tx.incident.findFirst({
    where: {
      hostId,
      startedAt: { lte: new Date(anomaly.detectedAt + pauseMs), gte: new Date(anomaly.detectedAt - MAX_INCIDENT_MS) },
      lastAt: { gte: new Date(anomaly.detectedAt - pauseMs) },
    },
    orderBy: { lastAt: "desc" },
  });
  if (near) return near.id;
  const at = new Date(anomaly.detectedAt);
  return (await tx.incident.create({ data: { hostId, startedAt: at, lastAt: at } })).id;
}

async function recordAnomaly(tx: Connection, hostId: number, anomaly: AnomalyUpdate, pauseMs: number): Promise<void> {
  const { seriesId, source, detectedAt, lastAt, endedAt, ...details } = anomaly;
  const key = { hostId, seriesId, source, detectedAt: new Date(detectedAt) };
  const stored = await tx.performanceAnomaly.findUnique({ where: { hostId_seriesId_detectedAt_source: key } });
  const times = { lastAt: new Date(lastAt), endedAt: endedAt === null ? null : new Date(endedAt) };
  const incidentId = stored?.incidentId ?? (await findIncidentFor(tx, hostId, anomaly, pauseMs));
  if (!stored) await tx.performanceAnomaly.create({ data: { ...key, incidentId, ...details, ...times } });
  // What is learned again after a restart must not undo what was stored before it.
  else if (stored.lastAt <= times.lastAt) {
    const data = stored.evidence >= details.evidence ? times : { ...details, ...times };
    await tx.performanceAnomaly.update({ where: { hostId_id: { hostId, id: stored.id } }, data });
  }
  await tx.$executeRaw`
    UPDATE incident SET last_at = greatest(last_at, ${times.lastAt}), started_at = least(started_at, ${key.detectedAt})
    WHERE host_id = ${hostId} AND id = ${incidentId}`;
}

/** Records anomalies of a host, oldest first, each in its incident (`pauseMs` apart at most); the same ones again change nothing. */
export async function recordAnomalies(
  db: Database,
  hostId: number,
  anomalies: AnomalyUpdate[],
  pauseMs: number,
): Promise<void> {
  if (anomalies.length === 0) return;
  const inOrder = [...anomalies].sort((a, b) => a.detectedAt - b.detectedAt);
  await db.$transaction(async (tx) => {
    // One writer a host at a time, or two would each begin an incident.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('incident'), ${hostId})`;
    for (const anomaly of inOrder) await recordAnomaly(tx, hostId, anomaly, pauseMs);
  });
}

/** Ends what goes on of hosts that are watched no longer, when it was last seen. */
export async function endAnomaliesOf(db: Connection, hostIds: number[]): Promise<void> {
  if (hostIds.length === 0) return;
  await db.$executeRaw`
    UPDATE performance_anomaly SET ended_at = last_at WHERE host_id = ANY(${hostIds}::int[]) AND ended_at IS NULL`;
}
