import { incidentSeverity, type Ranked, rankMembers } from "#lib/anomalies/incident.ts";
import type { AnomalyInfo } from "#lib/anomalies/read.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Resolution, Severity } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";

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
  status: Resolution;
  anomalies: Ranked<AnomalyInfo>[];
};

const WITH = {
  host: { select: { name: true } },
  anomalies: { omit: { byLimit: true, statusBy: true } },
} as const;

const find = (db: Connection, where: object, take: number, skip = 0) =>
  db.incident.findMany({ where, include: WITH, orderBy: [{ startedAt: "desc" }, { id: "desc" }], take, skip });

type Row = Awaited<ReturnType<typeof find>>[number];

/** An incident is as open as the most open of its anomalies. */
const OPENNESS = ["open", "acknowledged", "resolved", "false_alarm"] as const;

function told({ hostId, host, id, startedAt, lastAt, anomalies }: Row): IncidentInfo {
  const members = anomalies.map((row) => ({ ...row, host: host.name, metrics: [row.series] }));
  return {
    hostId,
    host: host.name,
    id,
    startedAt,
    lastAt,
    endedAt: members.some(({ endedAt }) => endedAt === null) ? null : lastAt,
    severity: incidentSeverity(members),
    status: OPENNESS.find((status) => members.some((member) => member.status === status)) ?? "resolved",
    anomalies: rankMembers(members),
  };
}

/** Incidents of [from, to) in ms by their beginning, newest first. */
export async function listIncidents(
  db: Connection,
  { hostId, from, to }: { hostId?: number | undefined; from: number; to: number },
  take: number,
  skip = 0,
): Promise<IncidentInfo[]> {
  const host = hostId === undefined ? {} : { hostId };
  const rows = await find(db, { startedAt: { gte: new Date(from), lt: new Date(to) }, ...host }, take, skip);
  return rows.map(told);
}

/** One incident with its anomalies by contribution. @throws DomainError not-found */
export async function readIncident(db: Connection, hostId: number, id: number): Promise<IncidentInfo> {
  const [row] = await find(db, { hostId, id }, 1);
  if (row) return told(row);
  throw new DomainError(
    "not-found",
    `There is no incident ${id} on host ${hostId}: it may be older than anomalies are kept`,
  );
}
