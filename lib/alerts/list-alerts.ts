import { userNames } from "#lib/access/users.ts";
import type { AlertEventKind, AlertStatus, Severity } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Alert, AlertEvent, AlertTransition } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hostNames } from "#lib/hosts/hosts.ts";

/** An alert as the API answers it. */
export type AlertInfo = Omit<
  Alert,
  "acknowledgedBy" | "assignedTo" | "labels" | "annotations" | "severity" | "state"
> & {
  host: string;
  severity: Severity;
  state: AlertStatus;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  acknowledgedBy: string | null;
  assignedTo: string | null;
  transitions: { at: Date; state: AlertStatus; value: number | null }[];
  events: { at: Date; by: string | null; kind: AlertEventKind; text: string }[];
};

/** Which alerts: those that go on, and those that began in [from, to) (ms); what is left out does not restrict. */
export type AlertFilter = {
  hostId?: number | undefined;
  from: number;
  to: number;
  states?: AlertStatus[] | undefined;
  limit: number;
};

type Row = Alert & { transitions: AlertTransition[]; events: AlertEvent[] };

const HISTORY = { transitions: { orderBy: { number: "asc" } }, events: { orderBy: { id: "asc" } } } as const;

/** Rows with the names of their hosts and of who works on them. */
async function toInfos(db: Connection, rows: Row[]): Promise<AlertInfo[]> {
  const userIds = rows.flatMap(({ acknowledgedBy, assignedTo, events }) =>
    [acknowledgedBy, assignedTo, ...events.map(({ userId }) => userId)].filter((id) => id !== null),
  );
  const [hosts, users] = await Promise.all([
    hostNames(db, [...new Set(rows.map(({ hostId }) => hostId))]),
    userNames(db, [...new Set(userIds)]),
  ]);
  return rows.map((row) => ({
    ...row,
    host: hosts.get(row.hostId) ?? `host ${row.hostId}`,
    labels: row.labels as Record<string, string>,
    annotations: row.annotations as Record<string, string>,
    acknowledgedBy: row.acknowledgedBy && (users.get(row.acknowledgedBy) ?? null),
    assignedTo: row.assignedTo && (users.get(row.assignedTo) ?? null),
    events: row.events.map(({ at, userId, kind, text }) => ({
      ...{ at, kind, text },
      by: userId && (users.get(userId) ?? null),
    })),
    transitions: row.transitions.map(({ at, state, value }) => ({ at, state, value })),
  }));
}

/** Alerts: those that go on first, of these the gravest, then the newest. */
export async function listAlerts(db: Connection, filter: AlertFilter): Promise<AlertInfo[]> {
  const { hostId, from, to, states, limit } = filter;
  const where = {
    ...(hostId === undefined ? {} : { hostId }),
    ...(states?.length ? { state: { in: states } } : {}),
  };
  const going = await db.alert.findMany({
    where: { ...where, endedAt: null },
    orderBy: [{ severity: "desc" }, { startedAt: "desc" }],
    take: limit,
    include: HISTORY,
  });
  const ended = await db.alert.findMany({
    where: { ...where, startedAt: { gte: new Date(from), lt: new Date(to) }, NOT: { endedAt: null } },
    orderBy: { startedAt: "desc" },
    take: limit - going.length,
    include: HISTORY,
  });
  return toInfos(db, [...going, ...ended]);
}

/** A page of the alerts that began in [from, to), ms, newest first. */
export async function listAlertPage(
  db: Connection,
  { hostId, from, to }: { hostId?: number | undefined; from: number; to: number },
  page: { skip: number; take: number },
): Promise<AlertInfo[]> {
  const where = { ...(hostId === undefined ? {} : { hostId }), startedAt: { gte: new Date(from), lt: new Date(to) } };
  const orderBy = [{ startedAt: "desc" as const }, { hostId: "asc" as const }, { id: "desc" as const }];
  return toInfos(db, await db.alert.findMany({ where, orderBy, ...page, include: HISTORY }));
}

/** One alert. @throws DomainError not-found */
export async function readAlert(db: Connection, hostId: number, id: number): Promise<AlertInfo> {
  const row = await db.alert.findUnique({ where: { hostId_id: { hostId, id } }, include: HISTORY });
  const [alert] = await toInfos(db, row ? [row] : []);
  if (!alert) throw new DomainError("not-found", `There is no alert ${id} on host ${hostId}`);
  return alert;
}

/** Removes alerts that were over before an instant (ms), with their notifications; answers how many. */
export async function removeAlertsBefore(db: Connection, before: number): Promise<number> {
  return (await db.alert.deleteMany({ where: { endedAt: { lt: new Date(before) } } })).count;
}
