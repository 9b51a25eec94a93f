import { randomUUID } from "node:crypto";
import type { Role } from "#lib/contract/roles.ts";
import type { Database } from "#lib/db/client.ts";

/** An account of a role that nobody signs in to; answers its id. */
export async function addPerson(db: Database, role: Role, name: string = role): Promise<string> {
  const data = { email: `${randomUUID()}@example.org`, name, role, passwordHash: "none" };
  return (await db.user.create({ data, select: { id: true } })).id;
}
