import { isIP } from "node:net";
import type { CheckDefinition } from "#lib/contract/checks.ts";
import type { CheckKind } from "#lib/contract/enums.ts";
import type { Role } from "#lib/contract/roles.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { UptimeCheck } from "#lib/db/generated/client.ts";
import { replaceId } from "#lib/db/replace-id.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import { reasonOf } from "#lib/log.ts";
import { assertOutgoing, isTrustedRole, type Trust, trustOf } from "#lib/notify/outgoing.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { recently } from "#lib/time/recent.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** NOTIFY channel: at commit, that checks changed. */
export const CHECK_CHANNEL = "sightline_check";

/** A check; the portal asks private addresses only for one that is `trusted`: an administrator wrote it. */
export type Check = CheckDefinition & { hostIds: number[]; enabled: boolean; trusted: boolean; createdAt: Date };
export type NewCheck = Omit<Check, "id" | "createdAt" | "trusted">;

/** Who writes a check. */
export type CheckAuthor = { id: string | null; role: Role };

const toCheck = ({ kind, options, createdBy: _, ...row }: UptimeCheck): Check => ({
  ...row,
  kind: kind as CheckKind,
  options: options as Check["options"],
});

/** All checks by name. */
export const listChecks = async (db: Connection): Promise<Check[]> =>
  (await db.uptimeCheck.findMany({ orderBy: { name: "asc" } })).map(toCheck);

/** @throws DomainError not-found */
export async function readCheck(db: Connection, id: number): Promise<Check> {
  const row = await db.uptimeCheck.findUnique({ where: { id } });
  if (!row) throw new DomainError("not-found", `There is no check ${id}`);
  return toCheck(row);
}

/** @throws DomainError validation for a body expression that is none */
export async function assertExpression(expression: string | undefined): Promise<void> {
  if (expression === undefined) return;
  const { RE2JS } = await import("re2js");
  try {
    RE2JS.compile(expression);
  } catch (error) {
    throw invalidField("options.body", `Write an RE2 expression: ${reasonOf(error)}`);
  }
}

/** Where a check leads that the portal runs; none for a name that is only looked up. */
const addressOf: Record<CheckKind, (target: string) => string | undefined> = {
  http: (target) => target,
  tcp: (target) => `tcp://${target}`,
  ping: (target) => `ping://${isIP(target) === 6 ? `[${target}]` : target}`,
  dns: () => undefined,
};

/** @throws DomainError validation for an address that the portal will not ask for this author */
function assertReachable({ kind, target, hostIds }: NewCheck, trusted: boolean): void {
  const address = addressOf[kind](target);
  if (hostIds.length === 0 && address) assertOutgoing(address, trustOf(trusted), "target");
}

async function assertStorable(db: Connection, check: NewCheck, trusted: boolean, id?: number): Promise<void> {
  const { name, hostIds, options } = check;
  await assertExpression(options.body);
  assertReachable(check, trusted);
  await assertHosts(db, hostIds);
  const same = await db.uptimeCheck.findUnique({ where: { name }, select: { id: true } });
  if (!same || same.id === id) return;
  const message = `There is a check ${name} already: choose another name`;
  throw new DomainError("conflict", message, { fields: [{ field: "name", message }] });
}

/** Writes, and tells those who run checks at commit. */
function write<T>(db: Database, work: (tx: Connection) => Promise<T>): Promise<T> {
  return db.$transaction(async (tx) => {
    const written = await work(tx);
    await tx.$executeRaw`SELECT pg_notify(${CHECK_CHANNEL}, '')`;
    return written;
  });
}

/** @throws DomainError conflict for a name that is in use, validation for a host that there is not and an address that the portal does not ask */
export async function createCheck(db: Database, check: NewCheck, author: CheckAuthor): Promise<Check> {
  const trusted = isTrustedRole(author.role);
  await assertStorable(db, check, trusted);
  return toCheck(await write(db, (tx) => tx.uptimeCheck.create({ data: { ...check, trusted, createdBy: author.id } })));
}

/** @throws DomainError not-found, and as createCheck */
export async function replaceCheck(db: Database, id: number, check: NewCheck, author: CheckAuthor): Promise<Check> {
  const before = await readCheck(db, id);
  // What an administrator pointed somewhere stays permitted there, whoever changes the rest of it.
  const kept = before.trusted && before.kind === check.kind && before.target === check.target;
  const trusted = kept || isTrustedRole(author.role);
  await assertStorable(db, check, trusted, id);
  return toCheck(await write(db, (tx) => tx.uptimeCheck.update({ where: { id }, data: { ...check, trusted } })));
}

/** Deletes a check; what it found stays. @throws DomainError not-found */
export async function removeCheck(db: Database, id: number): Promise<void> {
  await readCheck(db, id);
  await write(db, (tx) => tx.uptimeCheck.delete({ where: { id } }));
}

const definitionOf = ({ id, name, kind, target, intervalMs, timeoutMs, options }: Check): CheckDefinition => ({
  ...{ id, name, kind, target, intervalMs, timeoutMs, options },
});

/** The checks that a host's agent is to run. */
export const checksOf = (checks: Check[], hostId: number): CheckDefinition[] =>
  checks.filter(({ enabled, hostIds }) => enabled && hostIds.includes(hostId)).map(definitionOf);

/** The checks that the portal runs itself, on its own host: those that name it, and those that name none. */
export const checksOfPortal = (checks: Check[], hostId: number): { definition: CheckDefinition; trust: Trust }[] =>
  checks
    .filter(({ enabled, hostIds }) => enabled && (hostIds.length === 0 || hostIds.includes(hostId)))
    .map((check) => ({ definition: definitionOf(check), trust: trustOf(check.trusted) }));

/** All checks as they were at most two seconds ago. */
export const recentChecks = recently(listChecks, 2 * SECOND_MS);

/** Has one host run the checks that another ran. */
export const moveChecks = (tx: Connection, move: HostMove): Promise<void> =>
  replaceId(tx, "uptime_check", "host_ids", move);
