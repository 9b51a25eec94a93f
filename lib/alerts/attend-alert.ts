import { readRole, userNames } from "#lib/access/users.ts";
import { type AlertInfo, readAlert } from "#lib/alerts/list-alerts.ts";
import { notifyAgain, releaseHeld } from "#lib/alerts/queue-deliveries.ts";
import { noticeAlerts } from "#lib/alerts/store-alerts.ts";
import type { AlertEventKind } from "#lib/contract/enums.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { instantInText } from "#lib/format/date-time.ts";

/** Which alert, and who does something about it at `now` (ms): nobody known by a link in an email. */
export type Attending = { hostId: number; id: number; userId: string | null; now: number };

async function note(tx: Connection, { hostId, id, userId, now }: Attending, kind: AlertEventKind, text: string) {
  await tx.alertEvent.create({ data: { hostId, alertId: id, at: new Date(now), userId, kind, text } });
  await noticeAlerts(tx);
}

/** Changes an alert that goes on, and writes down who did. @throws DomainError not-found; conflict for one that is over */
async function change(
  db: Database,
  attending: Attending,
  data: object,
  work: (tx: Connection) => Promise<unknown>,
): Promise<AlertInfo> {
  const { hostId, id } = attending;
  await db.$transaction(async (tx) => {
    const { count } = await tx.alert.updateMany({ where: { hostId, id, endedAt: null }, data });
    if (count > 0) return work(tx);
    await readAlert(tx, hostId, id);
    throw new DomainError("conflict", "The alert is over: there is nothing left to work on");
  });
  return readAlert(db, hostId, id);
}

function assertAhead(at: Date | null, now: number, field: string): void {
  if (at !== null && at.getTime() <= now) throw invalidField(field, "It must lie later than now");
}

/** Says that somebody works on an alert: it is sent to nobody again until that expires. @throws DomainError not-found, conflict, validation */
export function acknowledgeAlert(
  db: Database,
  attending: Attending,
  { comment, until }: { comment: string; until: Date | null },
): Promise<AlertInfo> {
  const { hostId, id, userId, now } = attending;
  assertAhead(until, now, "until");
  const data = { acknowledgedAt: new Date(now), acknowledgedBy: userId, acknowledgedUntil: until, comment };
  return change(db, attending, data, async (tx) => {
    await note(
      tx,
      attending,
      "acknowledged",
      [comment, until && `until ${instantInText(until)}`].filter(Boolean).join(" "),
    );
    if (until) await notifyAgain({ tx, hostId, now }, id, until);
  });
}

/** Nobody works on an alert any more. @throws DomainError not-found, conflict */
export function unacknowledgeAlert(db: Database, attending: Attending): Promise<AlertInfo> {
  const data = { acknowledgedAt: null, acknowledgedBy: null, acknowledgedUntil: null, comment: "" };
  return change(db, attending, data, (tx) => note(tx, attending, "unacknowledged", ""));
}

/** Sends nothing of an alert until an instant, and then again; none sends what was held back. @throws DomainError not-found, conflict, validation */
export function snoozeAlert(db: Database, attending: Attending, until: Date | null): Promise<AlertInfo> {
  const { hostId, id, now } = attending;
  assertAhead(until, now, "until");
  return change(db, attending, { snoozedUntil: until }, async (tx) => {
    await note(tx, attending, "snoozed", until ? `until ${instantInText(until)}` : "no longer");
    if (until) await notifyAgain({ tx, hostId, now }, id, until);
    else await releaseHeld(tx, { hostId, alertId: id }, now);
  });
}

/** Gives an alert to somebody who may acknowledge it, or to nobody. @throws DomainError not-found, conflict, validation */
export async function assignAlert(db: Database, attending: Attending, assigneeId: string | null): Promise<AlertInfo> {
  if (assigneeId !== null) {
    const role = await readRole(db, assigneeId);
    if (!may(role, "alerts:acknowledge"))
      throw invalidField("user_id", "Name an account that may acknowledge alerts and is not disabled");
  }
  const name = assigneeId === null ? "nobody" : (await userNames(db, [assigneeId])).get(assigneeId);
  return change(db, attending, { assignedTo: assigneeId }, (tx) => note(tx, attending, "assigned", `to ${name}`));
}

/** Says something about an alert, also about one that is over. @throws DomainError not-found */
export async function commentAlert(db: Database, attending: Attending, text: string): Promise<AlertInfo> {
  const { hostId, id } = attending;
  await readAlert(db, hostId, id);
  await note(db, attending, "commented", text);
  return readAlert(db, hostId, id);
}
