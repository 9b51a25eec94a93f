import { havingStatus, isReviewed, ONGOING, shownStatus } from "#lib/anomalies/review.ts";
import type { AnomalyStatus, AnomalyType, Severity } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { PerformanceAnomaly } from "#lib/db/generated/client.ts";
import { readHeld } from "#lib/db/held.ts";
import type { Reader } from "#lib/db/reading.ts";
import { DomainError } from "#lib/errors.ts";
import { hostNames } from "#lib/hosts/hosts.ts";

/** Which anomalies; times in ms, [from, to) by detection; what is left out or empty does not restrict. */
export type AnomalyFilter = {
  hostId?: number | undefined;
  from: number;
  to: number;
  metric?: string | undefined;
  types?: AnomalyType[] | undefined;
  severities?: Severity[] | undefined;
  statuses?: AnomalyStatus[] | undefined;
  incidentId?: number | undefined;
};

/** A stored anomaly with the name of its host, as the API answers it. */
export type AnomalyInfo = Omit<PerformanceAnomaly, "source" | "statusBy"> & {
  host: string;
  metrics: string[];
  reviewed: boolean;
};

/** The status that a stored anomaly is shown with, and whether anybody has decided on it. */
export const reviewOf = (row: Pick<PerformanceAnomaly, "status" | "endedAt">) => ({
  status: shownStatus(row),
  reviewed: isReviewed(row),
});

const toAnomalyInfo = (
  { source: _, statusBy: __, ...row }: PerformanceAnomaly,
  names: Map<number, string>,
): AnomalyInfo => ({
  ...row,
  ...reviewOf(row),
  host: names.get(row.hostId) ?? `host ${row.hostId}`,
  metrics: [row.series],
});

/** The names of the hosts that rows are of. */
const namesOf = (db: Connection, rows: { hostId: number }[]) =>
  hostNames(db, [...new Set(rows.map(({ hostId }) => hostId))]);

function whereOf({ hostId, from, to, metric, types, severities, statuses, incidentId }: AnomalyFilter) {
  return {
    detectedAt: { gte: new Date(from), lt: new Date(to) },
    ...(hostId === undefined ? {} : { hostId }),
    ...(metric === undefined ? {} : { metric }),
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(types?.length ? { type: { in: types } } : {}),
    ...(severities?.length ? { severity: { in: severities } } : {}),
    ...(statuses?.length ? havingStatus(statuses) : {}),
  };
}

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
      orderBy: [{ detectedAt: "desc" }, { id: "desc" }],
      ...page,
    }),
  ]);
  const names = await namesOf(db, rows);
  return { total, anomalies: rows.map((row) => toAnomalyInfo(row, names)) };
}

/** How sure the surest anomaly is that goes on and nobody has dismissed, by series of a host. */
export async function surestOngoing(db: Reader, hostId: number): Promise<Map<number, number>> {
  const read = () => db.$queryRaw<{ seriesId: number; confidence: number }[]>`
    SELECT series_id AS "seriesId", max(confidence)::float8 AS confidence FROM performance_anomaly
    WHERE host_id = ${hostId} AND ended_at IS NULL AND status = ANY(${ONGOING}::anomaly_status[]) GROUP BY series_id`;
  const rows = await readHeld(db, "performance_anomaly", `ongoing of ${hostId}`, read);
  return new Map(rows.map(({ seriesId, confidence }) => [seriesId, confidence]));
}

/** One anomaly. @throws DomainError not-found */
export async function readAnomaly(db: Connection, hostId: number, id: number): Promise<AnomalyInfo> {
  const row = await db.performanceAnomaly.findUnique({ where: { hostId_id: { hostId, id } } });
  if (row) return toAnomalyInfo(row, await namesOf(db, [row]));
  throw new DomainError(
    "not-found",
    `There is no anomaly ${id} on host ${hostId}: it may be older than anomalies are kept`,
  );
}
