import { closeAccess } from "#lib/access/close-access.ts";
import type { NewUser, UserInfo } from "#lib/access/users.ts";
import type { AccountState } from "#lib/contract/accounts.ts";
import type { Role } from "#lib/contract/roles.ts";
import { newUserSchema } from "#lib/contract/users.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError } from "#lib/errors.ts";

/** An account as administrators see it. */
export type Account = UserInfo & {
  state: AccountState;
  createdAt: Date;
  lastSeenAt: Date | null;
  sessions: number;
  tokens: number;
  /** Until when the link that was sent to its owner holds. */
  linkExpiresAt: Date | null;
};

const SELECT = {
  id: true,
  email: true,
  name: true,
  role: true,
  passwordHash: true,
  disabledAt: true,
  createdAt: true,
  lastSeenAt: true,
  link: { select: { expiresAt: true } },
  _count: { select: { sessions: true, tokens: true } },
} as const;

type Row = Awaited<ReturnType<typeof find>>[number];

const find = (db: Connection, where: object) => db.user.findMany({ where, select: SELECT, orderBy: { email: "asc" } });

function toAccount({ passwordHash, disabledAt, link, _count, ...row }: Row): Account {
  const state = disabledAt ? "disabled" : passwordHash === "" ? "invited" : "active";
  return { ...row, state, ..._count, linkExpiresAt: link?.expiresAt ?? null };
}

/** All accounts by their address. */
export const listAccounts = async (db: Connection): Promise<Account[]> => (await find(db, {})).map(toAccount);

/** @throws DomainError not-found */
export async function readAccount(db: Connection, id: string): Promise<Account> {
  const [row] = await find(db, { id });
  if (!row) throw new DomainError("not-found", "There is no such account: GET /api/v1/accounts lists them");
  return toAccount(row);
}

/** Invites somebody: an account without a password, whose owner chooses one by a link. @throws DomainError conflict for an address that has one already */
export async function inviteUser(db: Connection, input: Omit<NewUser, "password">): Promise<UserInfo> {
  const { email, role, name = email.split("@")[0] ?? email } = newUserSchema.parse({ ...input, password: "" });
  try {
    return await db.user.create({
      data: { email, name, role, passwordHash: "" },
      select: { id: true, email: true, name: true, role: true },
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = `There is an account for ${email} already`;
    throw new DomainError("conflict", message, { fields: [{ field: "email", message }] });
  }
}

/**
 * Changes accounts so that an administrator who can sign in is left, also where two changes come at once: they wait for one another.
 * @throws DomainError conflict where none would be left
 */
export function keepAdministrator<T>(db: Database, change: (tx: Connection) => Promise<T>): Promise<T> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('administrators'))`;
    const had = await countAdministrators(tx);
    const result = await change(tx);
    if (had > 0 && (await countAdministrators(tx)) === 0)
      throw new DomainError("conflict", "This is the last administrator who can sign in: make another one first");
    return result;
  });
}

const countAdministrators = (tx: Connection) =>
  tx.user.count({ where: { role: "admin", disabledAt: null, passwordHash: { not: "" } } });

export type AccountChange = { name?: string | undefined; role?: Role | undefined; disabled?: boolean | undefined };

/** Changes an account; one that is disabled is out at once, with its tokens. @throws DomainError not-found, conflict for the last administrator */
export function changeAccount(
  db: Database,
  id: string,
  { name, role, disabled }: AccountChange,
  now = Date.now(),
): Promise<Account> {
  return keepAdministrator(db, async (tx) => {
    const { state } = await readAccount(tx, id);
    const disabledAt = disabled === undefined ? {} : { disabledAt: disabled ? new Date(now) : null };
    const data = { ...(name === undefined ? {} : { name }), ...(role === undefined ? {} : { role }), ...disabledAt };
    await tx.user.update({ where: { id }, data });
    if (disabled && state !== "disabled") await closeAccess(tx, id);
    return readAccount(tx, id);
  });
}
