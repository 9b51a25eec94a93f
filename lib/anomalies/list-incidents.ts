import { type AnomalyInfo, reviewOf } from "#lib/anomalies/list-anomalies.ts";
import { incidentSeverity, type Ranked, rankMembers } from "#lib/anomalies/rank-incident.ts";
import { ANOMALY_STATUSES, type AnomalyStatus, type Severity } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hostNames } from "#lib/hosts/hosts.ts";

/** A host's anomalies of one stretch of time: which metrics, what moved first, and what weighs most. */
export type IncidentInfo = {
  hostId: number;
  host: string;
  id: number;
  startedAt: Date;
  lastAt: Date;
  /** Null while one of its anomalies runs. */
  endedAt: Date | null;
  severity: Severity;
  status: AnomalyStatus;
  /** Whether somebody has decided on each of its anomalies. */
  reviewed: boolean;
  anomalies: Ranked<AnomalyInfo>[];
};

const INCLUDE = { anomalies: { omit: { source: true, statusBy: true } } } as const;

const findRows = (db: Connection, where: object, limit: number, skip: number) =>
  db.incident.findMany({
    where,
    include: INCLUDE,
    orderBy: [{ startedAt: "desc" }, { id: "desc" }],
    take: limit,
    skip,
  });

type IncidentRow = Awaited<ReturnType<typeof findRows>>[number];

async function findIncidents(db: Connection, where: object, limit: number, skip = 0): Promise<IncidentInfo[]> {
  const rows = await findRows(db, where, limit, skip);
  const names = await hostNames(db, [...new Set(rows.map(({ hostId }) => hostId))]);
  return rows.map((row) => toIncidentInfo(row, names.get(row.hostId) ?? `host ${row.hostId}`));
}

function toIncidentInfo({ hostId, id, startedAt, lastAt, anomalies }: IncidentRow, host: string): IncidentInfo {
  const members = anomalies.map((row) => ({ ...row, ...reviewOf(row), host, metrics: [row.series] }));
  return {
    hostId,
    host,
    id,
    startedAt,
    lastAt,
    endedAt: members.some(({ endedAt }) => endedAt === null) ? null : lastAt,
    severity: incidentSeverity(members),
    reviewed: members.every((member) => member.reviewed),
    // As open as the most open of its anomalies.
    status: ANOMALY_STATUSES.find((status) => members.some((member) => member.status === status)) ?? "resolved",
    anomalies: rankMembers(members),
  };
}

/** Those that began in [from, to), ms; or those that go on, whenever they began. */
type IncidentFilter = { hostId?: number | undefined; from: number; to: number; ongoing?: boolean };

/** Incidents, newest first, at most `limit` after the first `skip`. */
export async function listIncidents(
  db: Connection,
  { hostId, from, to, ongoing = false }: IncidentFilter,
  limit: number,
  skip = 0,
): Promise<IncidentInfo[]> {
  const host = hostId === undefined ? {} : { hostId };
  const time = ongoing
    ? { anomalies: { some: { endedAt: null } } }
    : { startedAt: { gte: new Date(from), lt: new Date(to) } };
  return findIncidents(db, { ...time, ...host }, limit, skip);
}

/** One incident with its anomalies by contribution. @throws DomainError not-found */
export async function readIncident(db: Connection, hostId: number, id: number): Promise<IncidentInfo> {
  const [incident] = await findIncidents(db, { hostId, id }, 1);
  if (incident) return incident;
  throw new DomainError(
    "not-found",
    `There is no incident ${id} on host ${hostId}: it may be older than anomalies are kept`,
  );
}
