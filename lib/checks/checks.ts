import { RE2JS } from "re2js";
import type { CheckDefinition } from "#lib/contract/checks.ts";
import type { CheckKind } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { UptimeCheck } from "#lib/db/generated/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import { reasonOf } from "#lib/log.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** NOTIFY channel: at commit, that checks changed. */
export const CHECK_CHANNEL = "sightline_check";

export type Check = CheckDefinition & { hostIds: number[]; enabled: boolean; createdAt: Date };
export type NewCheck = Omit<Check, "id" | "createdAt">;

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

function assertExpression(expression: string | undefined): void {
  try {
    if (expression !== undefined) RE2JS.compile(expression);
  } catch (error) {
    throw invalidField("options.body", `Write an RE2 expression: ${reasonOf(error)}`);
  }
}

async function assertStorable(db: Connection, { name, hostIds, options }: NewCheck, id?: number): Promise<void> {
  assertExpression(options.body);
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

/** @throws DomainError conflict for a name that is taken, validation for a host that there is not */
export async function createCheck(db: Database, check: NewCheck, userId: string | null): Promise<Check> {
  await assertStorable(db, check);
  return toCheck(await write(db, (tx) => tx.uptimeCheck.create({ data: { ...check, createdBy: userId } })));
}

/** @throws DomainError not-found, and as createCheck */
export async function replaceCheck(db: Database, id: number, check: NewCheck): Promise<Check> {
  await readCheck(db, id);
  await assertStorable(db, check, id);
  return toCheck(await write(db, (tx) => tx.uptimeCheck.update({ where: { id }, data: check })));
}

/** Deletes a check; what it found stays. @throws DomainError not-found */
export async function removeCheck(db: Database, id: number): Promise<void> {
  await readCheck(db, id);
  await write(db, (tx) => tx.uptimeCheck.delete({ where: { id } }));
}

const definitionOf = ({ hostIds: _, enabled: __, createdAt: ___, ...definition }: Check): CheckDefinition => definition;

/** What runs on a host: checks that name it, and on the portal's own host those that name none. */
export const checksOf = (checks: Check[], hostId: number, isPortal: boolean): CheckDefinition[] =>
  checks
    .filter((check) => check.enabled && (check.hostIds.includes(hostId) || (isPortal && check.hostIds.length === 0)))
    .map(definitionOf);

const FRESH_MS = 2 * SECOND_MS;
let recent: { at: number; checks: Promise<Check[]> } | undefined;

/** All checks as they were at most two seconds ago, for agents that ask a hundred times a second. */
export function recentChecks(db: Connection): Promise<Check[]> {
  const now = performance.now();
  if (recent && now - recent.at < FRESH_MS) return recent.checks;
  const checks = listChecks(db);
  recent = { at: now, checks };
  checks.catch(() => {
    recent = undefined;
  });
  return checks;
}
