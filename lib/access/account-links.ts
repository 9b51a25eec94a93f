import { randomBytes } from "node:crypto";
import { closeAccess } from "#lib/access/close-access.ts";
import { assertPassword, hashPassword } from "#lib/access/password.ts";
import { countTry } from "#lib/access/throttle.ts";
import type { UserInfo } from "#lib/access/users.ts";
import { hashToken } from "#lib/crypto/signed.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** An invitation waits for a week, a reset for a day. */
const LIFE_MS = { invited: 7 * DAY_MS, reset: DAY_MS };

/** A link's token, which is answered once and never kept; the link before it no longer works. */
export async function createLink(
  db: Connection,
  userId: string,
  why: keyof typeof LIFE_MS,
  now = Date.now(),
): Promise<{ token: string; expiresAt: Date }> {
  const [token, expiresAt] = [randomBytes(32).toString("base64url"), new Date(now + LIFE_MS[why])];
  const data = { hash: hashToken(token), createdAt: new Date(now), expiresAt };
  await db.accountLink.upsert({ where: { userId }, create: { userId, ...data }, update: data });
  return { token, expiresAt };
}

const noLink = () => {
  const message = "This link is used up, replaced or expired: ask your administrator for a new one";
  return new DomainError("forbidden", message, { fields: [{ field: "token", message }] });
};

/** Whose link this is. @throws DomainError forbidden, rate-limited */
export async function readLink(
  db: Database,
  token: string,
  address: string,
  now = Date.now(),
): Promise<UserInfo & { isNew: boolean }> {
  await countTry(db, "account link", address);
  return holderOf(db, token, now);
}

async function holderOf(db: Connection, token: string, now: number): Promise<UserInfo & { isNew: boolean }> {
  const row = await db.accountLink.findUnique({ where: { hash: hashToken(token) }, include: { user: true } });
  if (!row || row.expiresAt.getTime() <= now || row.user.disabledAt) throw noLink();
  const { id, email, name, role, passwordHash } = row.user;
  return { id, email, name, role, isNew: passwordHash === "" };
}

/** Sets the password of whoever holds a link, uses it up, and ends all other ways in. @throws DomainError forbidden, rate-limited, validation */
export async function acceptLink(
  db: Database,
  input: { token: string; password: string; name?: string | undefined },
  address: string,
  now = Date.now(),
): Promise<UserInfo & { isNew: boolean }> {
  const holder = await readLink(db, input.token, address, now);
  await assertPassword(input.password, [holder.email, input.name ?? holder.name]);
  const passwordHash = await hashPassword(input.password);
  return db.$transaction(async (tx) => {
    // Of two who use it at once, the second finds it gone.
    const { count } = await tx.accountLink.deleteMany({ where: { hash: hashToken(input.token) } });
    if (count === 0) throw noLink();
    const name = input.name ?? holder.name;
    await tx.user.update({ where: { id: holder.id }, data: { passwordHash, name } });
    await closeAccess(tx, holder.id);
    return { ...holder, name };
  });
}

/** Sets an account's password and ends all ways in. @throws DomainError validation, not-found */
export async function setPassword(db: Database, userId: string, password: string): Promise<void> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { email: true, name: true } });
  if (!user) throw new DomainError("not-found", "There is no such account");
  await assertPassword(password, [user.email, user.name]);
  const passwordHash = await hashPassword(password);
  await db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: userId }, data: { passwordHash } });
    await closeAccess(tx, userId);
  });
}
