import type { z } from "zod";
import { createRule, removeRule } from "#lib/alerts/rules.ts";
import type { sloSchema } from "#lib/contract/slos.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Slo as Row } from "#lib/db/generated/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { burnRules } from "#lib/slo/burn-rules.ts";
import { assertIndicator } from "#lib/slo/indicators.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** An SLO as it is written: `objective` in percent. */
export type SloInput = z.output<typeof sloSchema>;

/** An SLO as it is stored; its events are counted until `countedTo`, `problem` says why they cannot be. */
export type Slo = SloInput & {
  id: number;
  ruleIds: number[];
  countedTo: Date | null;
  revision: number;
  problem: string | null;
};

const toSlo = ({ createdBy: _, createdAt: __, ...row }: Row): Slo => row as Slo;

/** All SLOs by name. */
export const listSlos = async (db: Connection): Promise<Slo[]> =>
  (await db.slo.findMany({ orderBy: { name: "asc" } })).map(toSlo);

/** @throws DomainError not-found */
export async function readSlo(db: Connection, id: number): Promise<Slo> {
  const row = await db.slo.findUnique({ where: { id } });
  if (!row) throw new DomainError("not-found", `There is no SLO ${id}`);
  return toSlo(row);
}

/** Reads an SLO that nobody else changes until the end of the transaction. @throws DomainError not-found */
async function lockSlo(tx: Connection, id: number): Promise<Slo> {
  await tx.$queryRaw`SELECT id FROM slo WHERE id = ${id} FOR UPDATE`;
  return readSlo(tx, id);
}

/** Removes the alert rules of an SLO; one that somebody has removed already is no matter. */
async function removeRules(tx: Connection, ruleIds: readonly number[]): Promise<void> {
  for (const id of ruleIds)
    await removeRule(tx, id).catch((error: unknown) => {
      if (!isDomainError(error) || error.type !== "not-found") throw error;
    });
}

/** Writes the alert rules of an SLO anew. */
async function writeRules(tx: Connection, slo: Slo, userId: string | null): Promise<Slo> {
  await removeRules(tx, slo.ruleIds);
  const ruleIds: number[] = [];
  for (const rule of slo.alerts ? burnRules(slo) : []) ruleIds.push((await createRule(tx, rule, userId)).id);
  return toSlo(await tx.slo.update({ where: { id: slo.id }, data: { ruleIds } }));
}

async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = `There is an SLO ${name} already: choose another name`;
    throw new DomainError("conflict", message, { fields: [{ field: "name", message }] });
  }
}

/** Creates an SLO with its alert rules; its events are counted from the next minute on. @throws DomainError validation, conflict for a name in use */
export async function createSlo(db: Database, input: SloInput, userId: string | null): Promise<Slo> {
  await assertIndicator(db, input.indicator);
  return named(input.name, () =>
    db.$transaction(async (tx) =>
      writeRules(tx, toSlo(await tx.slo.create({ data: { ...input, ruleIds: [], createdBy: userId } })), userId),
    ),
  );
}

/** Whether other events are to be counted, or more of them than there are. */
const countsAnew = (before: Slo, { indicator, windowDays }: SloInput): boolean =>
  windowDays > before.windowDays ||
  Object.entries(indicator).some(([key, value]) => before.indicator[key as keyof typeof indicator] !== value);

/** Whether its alerts would read otherwise: else they go on. */
const alertsAnew = (before: Slo, input: SloInput): boolean =>
  (["name", "objective", "windowDays", "alerts", "minFailed"] as const).some((key) => before[key] !== input[key]);

/** Changes an SLO; another indicator is counted anew. @throws DomainError not-found, validation, conflict */
export async function replaceSlo(db: Database, id: number, input: SloInput, userId: string | null): Promise<Slo> {
  await readSlo(db, id);
  await assertIndicator(db, input.indicator);
  return named(input.name, () =>
    db.$transaction(async (tx) => {
      const before = await lockSlo(tx, id);
      const anew = countsAnew(before, input);
      if (anew) await tx.sloCount.deleteMany({ where: { sloId: id } });
      const restart = anew ? { countedTo: null, problem: null, revision: { increment: 1 } } : {};
      const slo = toSlo(await tx.slo.update({ where: { id }, data: { ...input, ...restart } }));
      return alertsAnew(before, input) ? writeRules(tx, slo, userId) : slo;
    }),
  );
}

/** Deletes an SLO with its counts and alert rules. @throws DomainError not-found */
export async function removeSlo(db: Database, id: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const { ruleIds } = await lockSlo(tx, id);
    await removeRules(tx, ruleIds);
    await tx.slo.delete({ where: { id } });
  });
}

/** Writes down why the events of an SLO cannot be counted. */
export const noteProblem = async (db: Connection, id: number, problem: string): Promise<void> => {
  await db.slo.updateMany({ where: { id }, data: { problem } });
};

/** Has the SLOs of one host's applications read those of another. */
export async function moveSlos(tx: Connection, { from, into }: HostMove): Promise<void> {
  await tx.$executeRaw`
    UPDATE slo SET indicator = jsonb_set(indicator, '{host}', to_jsonb(${into}::int)) WHERE (indicator ->> 'host')::int = ${from}`;
}
