import { closeAccess } from "#lib/access/close-access.ts";
import { assertPassword, hashPassword, verifyPassword } from "#lib/access/password.ts";
import { assertUnlocked, forgetFailures, recordFailure } from "#lib/access/throttle.ts";
import type { UserInfo } from "#lib/access/users.ts";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import type { Database } from "#lib/db/client.ts";
import { reader } from "#lib/db/reading.ts";
import { invalidField } from "#lib/errors.ts";
import { readSettings } from "#lib/settings/store.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** A signed-in browser and whose it is. */
export type SessionInfo = {
  id: string;
  user: UserInfo;
  expiresAt: Date;
  /** Of an API token in place of a browser: what it may do, by the names of permissions. */
  scopes?: string[];
};

export type Device = { userAgent: string; address: string };

/** When a session that is used now ends: unused for so long, and however much it is used, so many days after it was opened. */
async function expiry(db: Database, now: number, openedAt: number): Promise<Date> {
  const { session_max_age_minutes, session_max_days } = await readSettings(db);
  return new Date(Math.min(now + session_max_age_minutes * MINUTE_MS, openedAt + session_max_days * DAY_MS));
}

/** For so long the cookie before the newest still holds, ms: a page may have been sending it. */
const GRACE_MS = MINUTE_MS;

type Rotated = { rotation: number; rotatedAt: Date | null };

type SessionRow = Rotated & SessionInfo & { address: string };

/** Whether a cookie of a rotation still holds. */
const holds = ({ rotation, rotatedAt }: Rotated, cookie: number, now: number): boolean =>
  cookie === rotation || (cookie === rotation - 1 && now - (rotatedAt?.getTime() ?? 0) <= GRACE_MS);

/** Opens a session for a user and answers its id, which the cookie carries. */
export async function openSession(db: Database, userId: string, device: Device, now = Date.now()): Promise<string> {
  await db.session.deleteMany({ where: { expiresAt: { lt: new Date(now) } } });
  const { id } = await db.session.create({
    data: {
      userId,
      createdAt: new Date(now),
      expiresAt: await expiry(db, now, now),
      userAgent: device.userAgent.slice(0, 300),
      address: device.address,
    },
    select: { id: true },
  });
  await db.user.updateMany({ where: { id: userId }, data: { lastSeenAt: new Date(now) } });
  return id;
}

/**
 * The session with its user as they are now: a changed role or a closed session holds at once. A cookie from before the last rotation was copied
 * somewhere: whoever has it is not let in, and the session ends for both.
 */
export async function findSession(
  db: Database,
  id: string,
  now = Date.now(),
  cookieRotation?: number,
): Promise<SessionInfo | undefined> {
  const [row] = await reader(db).$queryRaw<SessionRow[]>`
    SELECT s.id, s.expires_at AS "expiresAt", s.rotation, s.rotated_at AS "rotatedAt", s.address,
      json_build_object('id', u.id, 'email', u.email, 'name', u.name, 'role', u.role) AS "user"
    FROM session s JOIN "user" u ON u.id = s.user_id WHERE s.id = ${id}::uuid AND u.disabled_at IS NULL`;
  if (!row || row.expiresAt.getTime() <= now) return undefined;
  const { id: userId, email } = row.user;
  if (cookieRotation !== undefined && !holds(row, cookieRotation, now)) {
    await db.session.deleteMany({ where: { id } });
    const event = { userId, email, action: "session ended: an old cookie was used", details: { address: row.address } };
    await recordAuditEvent(db, { ...event, now });
    return undefined;
  }
  return { id: row.id, expiresAt: row.expiresAt, user: row.user };
}

/** Lengthens a session that is in use; answers false where it has ended meanwhile. */
export async function renewSession(db: Database, id: string, now = Date.now()): Promise<boolean> {
  return (await rotateSession(db, id, undefined, now)) !== undefined;
}

/**
 * Lengthens a session that is in use and makes its cookie anew: answers the rotation that the new cookie is of, undefined where the session has
 * ended. Of two pages that ask at once, the second gets what the first has made.
 */
export async function rotateSession(
  db: Database,
  id: string,
  cookieRotation: number | undefined,
  now = Date.now(),
): Promise<number | undefined> {
  if (!(await findSession(db, id, now, cookieRotation))) return undefined;
  const row = await db.session.findUnique({ where: { id } });
  if (!row) return undefined;
  const data = { expiresAt: await expiry(db, now, row.createdAt.getTime()), lastSeenAt: new Date(now) };
  await db.user.updateMany({ where: { id: row.userId }, data: { lastSeenAt: new Date(now) } });
  const newest = row.rotation;
  const rotated = cookieRotation === newest ? { rotation: newest + 1, rotatedAt: new Date(now) } : {};
  const { count } = await db.session.updateMany({ where: { id, rotation: newest }, data: { ...data, ...rotated } });
  if (count > 0) return "rotation" in rotated ? newest + 1 : newest;
  return (await db.session.findUnique({ where: { id }, select: { rotation: true } }))?.rotation;
}

/** The open sessions of a user, the one seen last first. */
export async function listSessions(db: Database, userId: string, now = Date.now()) {
  return db.session.findMany({
    where: { userId, expiresAt: { gt: new Date(now) } },
    orderBy: { lastSeenAt: "desc" },
    select: { id: true, createdAt: true, lastSeenAt: true, userAgent: true, address: true },
  });
}

/** Ends one session of a user; one that is gone already is fine. */
export async function closeSession(db: Database, userId: string, id: string): Promise<void> {
  await db.session.deleteMany({ where: { id, userId } });
}

/** Changes the password of the session's user and ends all their other sessions and their tokens. @throws DomainError validation; locked after several wrong ones */
export async function changePassword(
  db: Database,
  session: SessionInfo,
  input: { current: string; next: string },
): Promise<void> {
  const { user } = session;
  const guesser = { account: `password of ${user.id}`, address: "" };
  await assertUnlocked(db, guesser);
  const { passwordHash } = await db.user.findUniqueOrThrow({ where: { id: user.id }, select: { passwordHash: true } });
  if (!(await verifyPassword(passwordHash, input.current))) {
    await recordFailure(db, guesser);
    const message = "This is not your present password";
    throw invalidField("current", message);
  }
  await assertPassword(input.next, [user.email, user.name], "next");
  await forgetFailures(db, guesser);
  const fresh = await hashPassword(input.next);
  await db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: user.id }, data: { passwordHash: fresh } });
    await closeAccess(tx, user.id, session.id);
  });
}
