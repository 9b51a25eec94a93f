import type { z } from "zod";
import { portalSecret } from "#lib/config/secret.ts";
import type { databaseServerSchema } from "#lib/contract/database-rows.ts";
import type { Role } from "#lib/contract/roles.ts";
import { openText, sealText } from "#lib/crypto/sealed.ts";
import type { Address, Target } from "#lib/databases/server/connection.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { DatabaseServer } from "#lib/db/generated/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { assertHosts, findHost } from "#lib/hosts/hosts.ts";
import { isTrustedRole, trustOf } from "#lib/notify/outgoing.ts";

/** A server as it is written. */
export type ServerInput = z.output<typeof databaseServerSchema>;

/** The key of a server's rows. */
export type ServerKey = { hostId: number; serverId: number };

const OWN_NAME = "sightline";
const OWN_INTERVAL_S = 15;
/** Past this many servers one worker could not keep its intervals. */
const MOST_SERVERS = 100;

const noSuch = (id: number) => new DomainError("not-found", `There is no database server ${id}`);

/** A server by its id. @throws DomainError not-found */
export async function findServer(db: Connection, id: number): Promise<DatabaseServer> {
  const row = await db.databaseServer.findFirst({ where: { id } });
  if (!row) throw noSuch(id);
  return row;
}

/** The key of what is stored of a server. */
export const keyOf = ({ hostId, id }: Pick<DatabaseServer, "hostId" | "id">): ServerKey => ({ hostId, serverId: id });

/** Sees that the portal's own database stands among the servers. */
export async function ensureOwnServer(db: Database, hostId: number): Promise<void> {
  if (await db.databaseServer.findFirst({ where: { own: true }, select: { id: true } })) return;
  const row = { hostId, name: OWN_NAME, kind: "postgres", own: true, intervalS: OWN_INTERVAL_S } as const;
  await db.databaseServer.createMany({
    data: [{ ...row, shown: {}, sealed: "", trusted: true }],
    skipDuplicates: true,
  });
}

/** The host of the portal's own database, which others stand on unless they name one. @throws DomainError where there are several and none has it */
export async function ownHostId(db: Connection): Promise<number> {
  const own = await db.databaseServer.findFirst({ where: { own: true }, select: { hostId: true } });
  return own?.hostId ?? (await findHost(db)).id;
}

/** What is connected to. @throws Error where it was encrypted by a portal with another secret */
export function targetOf({ own, kind, sealed, trusted, name }: DatabaseServer): Target {
  const trust = trustOf(trusted);
  if (own) return { kind, trust, at: "own" };
  const text = openText(sealed, portalSecret());
  if (text === undefined) throw new Error(`The access to ${name} was encrypted by another portal: enter it again`);
  return { kind, trust, at: JSON.parse(text) as Address };
}

const WHERE = ["address", "port", "user"] as const;

/**
 * Where a server is as it was entered. A stored password goes only where it went before: whoever names another address or user enters it again.
 * @throws DomainError validation, naming the field
 */
function addressOf(input: ServerInput, before: Address | undefined): Address {
  const { address, port, database, user, tls } = input;
  const same = before && WHERE.every((field) => before[field] === input[field]) && before.tls === tls;
  if (input.password === undefined && before && before.password !== "" && !same)
    throw invalidField("password", "Enter the password again: the stored one is for another address or user");
  return { address, port, database, user, tls, password: input.password ?? before?.password ?? "" };
}

/** Who names a private address, or the socket of a folder, is an administrator; what one has named stays permitted while the address does. */
function isTrusted(input: ServerInput, role: Role, before?: { trusted: boolean; at: Address }): boolean {
  if (isTrustedRole(role)) return true;
  return before?.trusted === true && before.at.address === input.address && before.at.port === input.port;
}

/** Undefined for the portal's own, and for what another portal has encrypted, which is entered again. */
function storedAddress({ own, sealed }: DatabaseServer): Address | undefined {
  const text = own ? undefined : openText(sealed, portalSecret());
  return text === undefined ? undefined : (JSON.parse(text) as Address);
}

/** What to connect to for a test of what was entered. @throws DomainError not-found, validation */
export async function testTarget(
  db: Connection,
  { id, ...input }: ServerInput & { id?: number | undefined },
  role: Role,
): Promise<Target> {
  const row = id === undefined ? undefined : await findServer(db, id);
  const before = row && storedAddress(row);
  const trusted = isTrusted(input, role, row && before && { trusted: row.trusted, at: before });
  return { kind: input.kind, trust: trustOf(trusted), at: addressOf(input, before) };
}

function dataOf(input: ServerInput, at: Address, trusted: boolean) {
  const { password: _, ...shown } = at;
  const { name, kind, enabled, intervalS } = input;
  return { name, kind, enabled, intervalS, shown, trusted, sealed: sealText(JSON.stringify(at), portalSecret()) };
}

const nameInUse = (name: string) => invalidField("name", `There is a server ${name} already: choose another name`);

/** Adds a server; answers its id. @throws DomainError validation, conflict past a hundred servers */
export async function createServer(
  db: Database,
  input: ServerInput & { hostId: number },
  { id: createdBy, role }: { id: string; role: Role },
): Promise<number> {
  const { hostId } = input;
  await assertHosts(db, [hostId], "host_id");
  if ((await db.databaseServer.count()) >= MOST_SERVERS)
    throw new DomainError("conflict", `There are ${MOST_SERVERS} servers already: remove one first`);
  const data = dataOf(input, addressOf(input, undefined), isTrusted(input, role));
  try {
    return (await db.databaseServer.create({ data: { hostId, ...data, createdBy }, select: { id: true } })).id;
  } catch (error) {
    throw isUniqueViolation(error) ? nameInUse(input.name) : error;
  }
}

/** Writes the whole of a server but for its name and host, by which its series are found. @throws DomainError not-found, validation */
export async function replaceServer(db: Database, id: number, input: ServerInput, role: Role): Promise<void> {
  const row = await findServer(db, id);
  if (input.name !== row.name) throw invalidField("name", `The name stays ${row.name}: its series are stored by it`);
  if (input.hostId !== undefined && input.hostId !== row.hostId)
    throw invalidField("host_id", "The host stays: the series are stored there");
  if (input.kind !== row.kind) throw invalidField("kind", `It is ${row.kind}: add another server in its place`);
  const key = { hostId_id: { hostId: row.hostId, id } };
  if (row.own) {
    await db.databaseServer.update({ where: key, data: { enabled: input.enabled, intervalS: input.intervalS } });
    return;
  }
  const before = storedAddress(row);
  const trusted = isTrusted(input, role, before && { trusted: row.trusted, at: before });
  await db.databaseServer.update({ where: key, data: dataOf(input, addressOf(input, before), trusted) });
}

/** Stops watching a server and deletes what was read of it. @throws DomainError not-found, conflict for the portal's own */
export async function removeServer(db: Database, id: number): Promise<void> {
  const { hostId, own } = await findServer(db, id);
  if (own) throw new DomainError("conflict", "The portal's own database is always listed: switch its sampling off");
  await db.databaseServer.deleteMany({ where: { hostId, id } });
}
