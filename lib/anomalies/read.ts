import { patternOf } from "#lib/anomalies/policy.ts";
import type { Connection } from "#lib/db/client.ts";
import type { AnomalyType, PerformanceAnomaly, Resolution, Severity } from "#lib/db/generated/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { roundStep } from "#lib/tsdb/points.ts";

/** False alarms older than this weigh nothing any more. */
const FEEDBACK_MS = 180 * DAY_MS;

/** When patterns were called false alarms (ms), by series and then by "type direction". */
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
    const pattern = patternOf(type, direction);
    patterns.set(pattern, [...(patterns.get(pattern) ?? []), statusAt?.getTime() ?? now]);
    alarms.set(seriesId, patterns);
  }
  return alarms;
}

/** Events of a host that have not ended; times in ms. */
export async function readRunning(db: Connection, hostId: number) {
  const rows = await db.performanceAnomaly.findMany({ where: { hostId, endedAt: null } });
  return rows.map(({ seriesId, byLimit, detectedAt, lastAt }) => ({
    seriesId,
    byLimit,
    detectedAt: detectedAt.getTime(),
    lastAt: lastAt.getTime(),
    endedAt: null,
  }));
}

/** Which anomalies; times in ms, [from, to) by detection. */
export type AnomalyFilter = {
  hostId?: number | undefined;
  from: number;
  to: number;
  metric?: string | undefined;
  types?: AnomalyType[] | undefined;
  severities?: Severity[] | undefined;
  statuses?: Resolution[] | undefined;
  incidentId?: number | undefined;
};

export type AnomalyInfo = Omit<PerformanceAnomaly, "byLimit" | "statusBy"> & { host: string; metrics: string[] };

const told = ({
  byLimit: _,
  statusBy: __,
  host,
  ...row
}: PerformanceAnomaly & { host: { name: string } }): AnomalyInfo => ({
  ...row,
  host: host.name,
  metrics: [row.series],
});

function whereOf({ hostId, from, to, metric, types, severities, statuses, incidentId }: AnomalyFilter) {
  return {
    detectedAt: { gte: new Date(from), lt: new Date(to) },
    ...(hostId === undefined ? {} : { hostId }),
    ...(metric === undefined ? {} : { metric }),
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(types?.length ? { type: { in: types } } : {}),
    ...(severities?.length ? { severity: { in: severities } } : {}),
    ...(statuses?.length ? { status: { in: statuses } } : {}),
  };
}

const named = { host: { select: { name: true } } };

/** A page of anomalies, newest first, and how many there are in all. */
export async function listAnomalies(
  db: Connection,
  filter: AnomalyFilter,
  page: { skip: number; take: number },
): Promise<{ total: number; anomalies: AnomalyInfo[] }> {
  const where = whereOf(filter);
  const [total, rows] = await Promise.all([
    db.performanceAnomaly.count({ where }),
    db.performanceAnomaly.findMany({
      where,
      include: named,
      orderBy: [{ detectedAt: "desc" }, { id: "desc" }],
      ...page,
    }),
  ]);
  return { total, anomalies: rows.map(told) };
}

/** One anomaly. @throws DomainError not-found */
export async function readAnomaly(db: Connection, hostId: number, id: number): Promise<AnomalyInfo> {
  const row = await db.performanceAnomaly.findUnique({ where: { hostId_id: { hostId, id } }, include: named });
  if (row) return told(row);
  throw new DomainError(
    "not-found",
    `There is no anomaly ${id} on host ${hostId}: it may be older than anomalies are kept`,
  );
}

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
