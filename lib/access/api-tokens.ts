import { randomBytes } from "node:crypto";
import type { SessionInfo } from "#lib/access/sessions.ts";
import type { UserInfo } from "#lib/access/users.ts";
import { may, type Permission } from "#lib/contract/permissions.ts";
import { hashToken } from "#lib/crypto/signed.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { readHeld } from "#lib/db/held.ts";
import { type Reader, reader } from "#lib/db/reading.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

const PREFIX = "slt_";
/** How often a token's last use is written down. */
const SEEN_MS = MINUTE_MS;

/** A token is 32 random bytes: a plain hash is enough, as nothing can be guessed. */
/** Makes a token for programs that act as a user within some scopes. The text is answered once and never kept. @throws DomainError validation */
export async function createToken(
  db: Database,
  { id: userId, role }: Pick<UserInfo, "id" | "role">,
  { name, days, scopes }: { name: string; days: number; scopes: Permission[] },
  now = Date.now(),
): Promise<{ id: string; name: string; scopes: string[]; token: string; expiresAt: Date }> {
  const beyond = scopes.filter((scope) => !may(role, scope));
  if (beyond.length > 0) {
    const message = `Your role does not hold ${beyond.join(", ")}`;
    throw invalidField("scopes", message);
  }
  const token = PREFIX + randomBytes(32).toString("base64url");
  const expiresAt = new Date(now + days * DAY_MS);
  const { id } = await db.apiToken.create({
    data: { userId, name, scopes, hash: hashToken(token), expiresAt },
    select: { id: true },
  });
  return { id, name, scopes, token, expiresAt };
}

/** The tokens of a user, newest first, without their texts. */
export const listTokens = (db: Database, userId: string) =>
  db.apiToken.findMany({
    where: { userId },
    orderBy: { createdAt: "desc" },
    select: { id: true, name: true, scopes: true, createdAt: true, expiresAt: true, lastUsedAt: true },
  });

/** Everybody's tokens, newest first, with the address of whose they are. */
export async function listAllTokens(db: Connection) {
  const rows = await db.apiToken.findMany({
    orderBy: { createdAt: "desc" },
    omit: { hash: true, userId: true },
    include: { user: { select: { email: true } } },
  });
  return rows.map(({ user, ...row }) => ({ ...row, email: user.email }));
}

/** Revokes anybody's token. @throws DomainError not-found */
export async function revokeToken(db: Connection, id: string): Promise<void> {
  const { count } = await db.apiToken.deleteMany({ where: { id } });
  if (count === 0) throw new DomainError("not-found", "There is no such token");
}

/** @throws DomainError not-found */
export async function removeToken(db: Database, userId: string, id: string): Promise<void> {
  const { count } = await db.apiToken.deleteMany({ where: { id, userId } });
  if (count === 0) throw new DomainError("not-found", "You have no such token");
}

type TokenRow = Required<SessionInfo> & { lastUsedAt: Date | null };

async function readToken(db: Reader, hash: string): Promise<TokenRow | undefined> {
  const [row] = await db.$queryRaw<TokenRow[]>`
    SELECT t.id, t.expires_at AS "expiresAt", t.last_used_at AS "lastUsedAt", t.scopes,
      json_build_object('id', u.id, 'email', u.email, 'name', u.name, 'role', u.role) AS "user"
    FROM api_token t JOIN "user" u ON u.id = t.user_id WHERE t.hash = ${hash} AND u.disabled_at IS NULL`;
  return row;
}

/** Whose token this is, with the user as they are now; undefined for none, or one that has expired. */
export async function findToken(db: Database, token: string, now = Date.now()): Promise<SessionInfo | undefined> {
  if (!token.startsWith(PREFIX)) return undefined;
  const hash = hashToken(token);
  const own = reader(db);
  const row = await readHeld(own, "api_token", hash, () => readToken(own, hash));
  if (!row || row.expiresAt.getTime() <= now) return undefined;
  if (now - (row.lastUsedAt?.getTime() ?? 0) > SEEN_MS)
    await db.apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  const { id, expiresAt, scopes, user } = row;
  return { id, expiresAt, scopes, user };
}
