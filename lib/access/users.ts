import type { z } from "zod";
import { assertPassword, hashPassword } from "#lib/access/password.ts";
import type { Role } from "#lib/contract/roles.ts";
import { newUserSchema } from "#lib/contract/users.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError } from "#lib/errors.ts";

export type UserInfo = { id: string; email: string; name: string; role: Role };

export type NewUser = z.input<typeof newUserSchema>;

type UserTable = Pick<Database, "user">;

/** Makes an account. @throws DomainError validation for the password, conflict for an address that has one already */
export async function createUser(db: UserTable, input: NewUser): Promise<UserInfo> {
  const { email, password, role, name = email.split("@")[0] ?? email } = newUserSchema.parse(input);
  await assertPassword(password, [email, name]);
  const passwordHash = await hashPassword(password);
  try {
    return await db.user.create({
      data: { email, name, role, passwordHash },
      select: { id: true, email: true, name: true, role: true },
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = `There is an account for ${email} already`;
    throw new DomainError("conflict", message, { fields: [{ field: "email", message }] });
  }
}

/** The names of users by their id; ids of nobody are not in it. */
export async function userNames(db: Connection, ids: string[]): Promise<Map<string, string>> {
  const rows = await db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The role that a user has now; undefined for nobody, or an account that was closed. */
export async function readRole(db: Connection, id: string): Promise<Role | undefined> {
  const user = await db.user.findUnique({ where: { id }, select: { role: true, disabledAt: true } });
  return user && user.disabledAt === null ? user.role : undefined;
}

/** The address of an account that is open; undefined of any other. */
export async function emailOf(db: Connection, id: string): Promise<string | undefined> {
  const user = await db.user.findUnique({ where: { id }, select: { email: true, disabledAt: true } });
  return user && user.disabledAt === null ? user.email : undefined;
}

/** The open account of an address; undefined of none. */
export async function userIdOf(db: Connection, email: string): Promise<string | undefined> {
  const user = await db.user.findFirst({
    where: { email: email.toLowerCase(), disabledAt: null },
    select: { id: true },
  });
  return user?.id;
}

/** Whoever has one of some roles now, by name. */
export const listPeople = (db: Connection, roles: readonly Role[]): Promise<{ id: string; name: string }[]> =>
  db.user.findMany({
    where: { role: { in: [...roles] }, disabledAt: null },
    orderBy: { name: "asc" },
    select: { id: true, name: true },
  });

/** The addresses of whoever has one of some roles now. */
export async function emailsOfRoles(db: Connection, roles: Role[]): Promise<string[]> {
  const rows = await db.user.findMany({ where: { role: { in: roles }, disabledAt: null }, select: { email: true } });
  return rows.map(({ email }) => email);
}
