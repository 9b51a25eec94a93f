import { userNames } from "#lib/access/users.ts";
import { incidentTitle } from "#lib/anomalies/incident-title.ts";
import { type AnomalyInfo, reviewOf } from "#lib/anomalies/list-anomalies.ts";
import { incidentSeverity, type Ranked, rankMembers } from "#lib/anomalies/rank-incident.ts";
import { ANOMALY_STATUSES, type AnomalyStatus, type Severity } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hostNames } from "#lib/hosts/hosts.ts";
import { isCumulative, metricInfo, type Unit } from "#lib/metrics/catalogue.ts";
import { readMeasures } from "#lib/tsdb/catalog.ts";

/** An anomaly of an incident, with what its values are: per second where they are a `rate`. */
type IncidentMember = Ranked<AnomalyInfo & { unit: Unit; rate: boolean }>;

/** A host's anomalies of one stretch of time: which metrics, what moved first, and what weighs most. */
export type IncidentInfo = {
  hostId: number;
  host: string;
  id: number;
  /** What is the matter, in words. */
  title: string;
  startedAt: Date;
  lastAt: Date;
  /** Null while one of its anomalies runs. */
  endedAt: Date | null;
  severity: Severity;
  status: AnomalyStatus;
  /** Whether somebody has decided on each of its anomalies. */
  reviewed: boolean;
  /** Who works on it; null also where their account is gone. */
  assignedTo: string | null;
  assigneeId: string | null;
  anomalies: IncidentMember[];
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

/** What is known elsewhere of what incidents name: hosts, people, and the units of series. */
async function readNamed(db: Connection, rows: IncidentRow[]) {
  const hostIds = [...new Set(rows.map(({ hostId }) => hostId))];
  const seriesIds = [...new Set(rows.flatMap(({ anomalies }) => anomalies.map(({ seriesId }) => seriesId)))];
  const people = [...new Set(rows.flatMap(({ assignedTo }) => assignedTo ?? []))];
  const [hosts, measures, users] = await Promise.all([
    hostNames(db, hostIds),
    readMeasures(db, hostIds, seriesIds),
    people.length > 0 ? userNames(db, people) : new Map<string, string>(),
  ]);
  return { hosts, measures, users };
}

async function findIncidents(db: Connection, where: object, limit: number, skip = 0): Promise<IncidentInfo[]> {
  const rows = await findRows(db, where, limit, skip);
  const named = await readNamed(db, rows);
  return rows.map((row) => toIncidentInfo(row, named));
}

function toIncidentInfo(
  { hostId, id, startedAt, lastAt, assignedTo, anomalies }: IncidentRow,
  { hosts, measures, users }: Awaited<ReturnType<typeof readNamed>>,
): IncidentInfo {
  const host = hosts.get(hostId) ?? `host ${hostId}`;
  const members = rankMembers(
    anomalies.map((row) => {
      const { unit, kind } = measures.get(row.seriesId) ?? metricInfo(row.metric);
      return { ...row, ...reviewOf(row), host, metrics: [row.series], unit, rate: isCumulative(kind) };
    }),
  );
  return {
    hostId,
    host,
    id,
    title: incidentTitle(host, members),
    startedAt,
    lastAt,
    endedAt: members.some(({ endedAt }) => endedAt === null) ? null : lastAt,
    severity: incidentSeverity(members),
    reviewed: members.every((member) => member.reviewed),
    // As open as the most open of its anomalies.
    status: ANOMALY_STATUSES.find((status) => members.some((member) => member.status === status)) ?? "resolved",
    assignedTo: assignedTo && (users.get(assignedTo) ?? null),
    assigneeId: assignedTo,
    anomalies: members,
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

/** Some incidents, newest first, by their ids, which are unique among all hosts. */
export const readIncidents = (db: Connection, ids: number[]): Promise<IncidentInfo[]> =>
  findIncidents(db, { id: { in: ids } }, ids.length);

/** One incident with its anomalies by contribution. @throws DomainError not-found */
export async function readIncident(db: Connection, hostId: number, id: number): Promise<IncidentInfo> {
  const [incident] = await findIncidents(db, { hostId, id }, 1);
  if (incident) return incident;
  throw new DomainError(
    "not-found",
    `There is no incident ${id} on host ${hostId}: it may be older than anomalies are kept`,
  );
}
