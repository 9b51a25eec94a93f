import type { z } from "zod";
import type { ruleSchema } from "#lib/contract/alerts.ts";
import type { Connection } from "#lib/db/client.ts";
import type { AlertRule as Row } from "#lib/db/generated/client.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { assertHosts, listHosts } from "#lib/hosts/hosts.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { selectSeries } from "#lib/tsdb/query.ts";

/** A rule as it is written. Times in ms. */
export type RuleInput = z.output<typeof ruleSchema>;

/** A rule as it is stored; `problem` says why it judges nothing. */
export type AlertRule = RuleInput & { id: number; updatedAt: Date; problem: string | null };

const toRule = ({ createdBy: _, createdAt: __, ...row }: Row): AlertRule =>
  ({ ...row, condition: row.condition, labels: row.labels }) as AlertRule;

/** All rules by name. */
export async function listRules(db: Connection): Promise<AlertRule[]> {
  return (await db.alertRule.findMany({ orderBy: [{ name: "asc" }, { id: "asc" }] })).map(toRule);
}

/** Whether a list of hosts names one; an empty list names all. */
export const coversHost = ({ hostIds }: { hostIds: number[] }, hostId: number): boolean =>
  hostIds.length === 0 || hostIds.includes(hostId);

/** A level that an alert ends at lies where the condition does not hold. @throws DomainError validation */
function assertCondition({ condition }: RuleInput): void {
  if (condition.kind !== "threshold" || condition.resolveLevel === undefined) return;
  const { operator, level, resolveLevel } = condition;
  const above = operator.startsWith(">");
  if (above ? resolveLevel <= level : resolveLevel >= level) return;
  const message = `The resolve level must not lie ${above ? "above" : "below"} the level, ${level}`;
  throw new DomainError("validation", message, { fields: [{ field: "condition.resolve_level", message }] });
}

/** Why a rule judges nothing; null where some host has its series. @throws DomainError validation for a selector that cannot be read */
async function problemOf(db: Connection, rule: RuleInput): Promise<string | null> {
  const hosts = (await listHosts(db)).filter(({ id }) => coversHost(rule, id));
  for (const id of [...hosts.map((host) => host.id), 0]) {
    try {
      selectSeries(await listSeries(db, id), rule.series);
      return null;
    } catch (error) {
      if (!isDomainError(error) || error.type !== "not-found") throw error;
    }
  }
  return noSeries(rule.series);
}

/** What is said of a rule whose series no host has. */
export const noSeries = (series: string): string =>
  `No host of the rule has a series ${series}: GET /api/v1/series lists those of a host`;

async function checked(db: Connection, input: RuleInput) {
  assertCondition(input);
  await assertHosts(db, input.hostIds);
  return { ...input, problem: await problemOf(db, input) };
}

/** Creates a rule. @throws DomainError validation */
export async function createRule(db: Connection, input: RuleInput, userId: string | null): Promise<AlertRule> {
  const data = { ...(await checked(db, input)), createdBy: userId };
  return toRule(await db.alertRule.create({ data }));
}

const noSuch = (id: number) => new DomainError("not-found", `There is no alert rule ${id}`);

/** A rule. @throws DomainError not-found */
export async function readRule(db: Connection, id: number): Promise<AlertRule> {
  const row = await db.alertRule.findUnique({ where: { id } });
  if (!row) throw noSuch(id);
  return toRule(row);
}

/** Writes the whole of a rule. @throws DomainError not-found, validation */
export async function replaceRule(db: Connection, id: number, input: RuleInput): Promise<AlertRule> {
  await readRule(db, id);
  return toRule(await db.alertRule.update({ where: { id }, data: await checked(db, input) }));
}

/** Deletes a rule; its alerts end with the next evaluation. @throws DomainError not-found */
export async function removeRule(db: Connection, id: number): Promise<void> {
  if ((await db.alertRule.deleteMany({ where: { id } })).count === 0) throw noSuch(id);
}

/** Writes down why rules judge nothing, where that has changed. */
export async function noteProblems(db: Connection, rules: AlertRule[], problems: Map<number, string>): Promise<void> {
  for (const { id, problem } of rules) {
    const current = problems.get(id) ?? null;
    if (current !== problem) await db.alertRule.updateMany({ where: { id }, data: { problem: current } });
  }
}
