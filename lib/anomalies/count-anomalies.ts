import { ONGOING } from "#lib/anomalies/review.ts";
import type { Severity } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { roundStep } from "#lib/tsdb/points.ts";

/** Anomalies that began in each step of a range, by severity. */
export type AnomalyCount = { at: number; info: number; warning: number; critical: number };

/** How many anomalies some steps have, of any severity. */
export const anomaliesIn = (steps: AnomalyCount[]): number =>
  steps.reduce((sum, { info, warning, critical }) => sum + info + warning + critical, 0);

/** How many anomalies began in each of a range's steps, counted from `from`; false alarms are left out. */
async function countAnomalies(
  db: Connection,
  { hostId, from, to, stepMs }: { hostId?: number | undefined; from: number; to: number; stepMs: number },
): Promise<AnomalyCount[]> {
  const host = hostId === undefined ? Prisma.empty : Prisma.sql`AND host_id = ${hostId}`;
  const rows = await db.$queryRaw<{ step: number; severity: Severity; count: number }[]>`
    SELECT floor((extract(epoch FROM detected_at) * 1000 - ${from}::float8) / ${stepMs}::float8)::int AS step, severity::text AS severity, count(*)::int AS count
    FROM performance_anomaly
    WHERE detected_at >= ${new Date(from)} AND detected_at < ${new Date(to)} AND status <> 'false_alarm' ${host}
    GROUP BY 1, 2`;
  const steps = Array.from(
    { length: Math.ceil((to - from) / stepMs) },
    (_, step): AnomalyCount => ({ at: from + step * stepMs, info: 0, warning: 0, critical: 0 }),
  );
  for (const { step, severity, count } of rows) {
    const counted = steps[step];
    if (counted) counted[severity] = count;
  }
  return steps;
}

/** Steps of a range with their anomalies, at most `points` of them, and how many a day that makes. */
export async function anomalyTimeline(
  db: Connection,
  { hostId, from, to, points }: { hostId?: number | undefined; from: number; to: number; points: number },
): Promise<{ stepMs: number; perDay: number; steps: AnomalyCount[] }> {
  const stepMs = roundStep(to - from, points);
  const start = Math.floor(from / stepMs) * stepMs;
  const steps = await countAnomalies(db, { hostId, from: start, to, stepMs });
  return { stepMs, perDay: (anomaliesIn(steps) * DAY_MS) / (to - from), steps };
}

/** The host with the most severe anomaly that goes on and nobody works on or has dismissed, the newest of several; undefined without any. */
export async function worstHost(db: Connection): Promise<number | undefined> {
  const worst = await db.performanceAnomaly.findFirst({
    where: { endedAt: null, status: "open" },
    orderBy: [{ severity: "desc" }, { detectedAt: "desc" }],
    select: { hostId: true },
  });
  return worst?.hostId;
}

/** How grave anomalies that go on are, by host, each once. */
export async function listOngoingSeverities(db: Connection): Promise<{ hostId: number; severity: Severity }[]> {
  const where = { endedAt: null, status: { in: ONGOING } };
  const rows = await db.performanceAnomaly.groupBy({ by: ["hostId", "severity"], where });
  return rows;
}
