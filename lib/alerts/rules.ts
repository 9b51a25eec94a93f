import type { z } from "zod";
import { partSelectors } from "#lib/alerts/conditions/conditions.ts";
import { compileRule, type ExpressionRule, isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { awaitHeartbeat } from "#lib/alerts/heartbeats.ts";
import type { ConditionOf, RuleCondition } from "#lib/contract/alert-conditions.ts";
import type { ruleSchema } from "#lib/contract/alerts.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { AlertRule as Row } from "#lib/db/generated/client.ts";
import { held } from "#lib/db/held.ts";
import { DomainError, invalidField, isDomainError } from "#lib/errors.ts";
import { assertHosts, listHosts } from "#lib/hosts/hosts.ts";
import { nextRun } from "#lib/time/cron.ts";
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

/** As `listRules`, for whoever judges them again and again. */
export const rulesToJudge = (db: Database): Promise<AlertRule[]> =>
  held().get("alert_rule", "all", () => listRules(db));

/** Whether a list of hosts names one; an empty list names all, but for those that are left out. */
export const coversHost = (
  { hostIds, exceptHostIds = [] }: { hostIds: number[]; exceptHostIds?: number[] },
  hostId: number,
): boolean => (hostIds.length === 0 || hostIds.includes(hostId)) && !exceptHostIds.includes(hostId);

/** A level that an alert ends at lies where the condition does not hold. */
function assertLevels({ operator, level, resolveLevel }: ConditionOf<"threshold">, field: string): void {
  if (resolveLevel === undefined) return;
  const above = operator.startsWith(">");
  if (above ? resolveLevel <= level : resolveLevel >= level) return;
  throw invalidField(
    `${field}.resolve_level`,
    `The resolve level must not lie ${above ? "above" : "below"} the level, ${level}`,
  );
}

function assertBurnRate({ bad, total, windows }: ConditionOf<"burn_rate">): void {
  if ((bad === undefined) === (total === undefined))
    throw invalidField("condition.bad", "Say either when a value is bad, or which series is the total");
  const wrong = windows.findIndex(({ longMs, shortMs }) => shortMs >= longMs);
  if (wrong >= 0)
    throw invalidField(`condition.windows.${wrong}.short_ms`, "The short window must be shorter than the long one");
}

function assertHeartbeat({ hostIds, condition }: RuleInput & { condition: ConditionOf<"heartbeat"> }): void {
  const { cron, zone, everyMs } = condition;
  if ((cron === undefined) === (everyMs === undefined))
    throw invalidField("condition.every_ms", "Say how often the job reports: every so long, or by a cron schedule");
  if (cron) nextRun({ cron, zone }, 0, "condition.cron");
  if (hostIds.length !== 1) throw invalidField("host_ids", "Name the host that the job runs on");
}

/** What an expression reads stands in it: no field beside it may say something else. */
function assertExpression(rule: RuleInput & ExpressionRule): void {
  compileRule(rule);
  if (rule.series !== "") throw invalidField("series", "An expression names its series itself: leave this empty");
  if (rule.hostIds.length > 0 || rule.exceptHostIds.length > 0)
    throw invalidField("host_ids", 'Name hosts in the expression: {host="db-01"}, {host!~"test-.*"}');
}

/** @throws DomainError validation, naming the field */
function assertCondition(rule: RuleInput): void {
  const { condition, series } = rule;
  if (isExpressionRule(rule)) {
    assertExpression(rule);
    return;
  }
  if (condition.kind === "heartbeat") {
    assertHeartbeat({ ...rule, condition });
    return;
  }
  if (series === "") throw invalidField("series", "Name the series that the rule is about");
  if (condition.kind === "threshold") assertLevels(condition, "condition");
  if (condition.kind === "burn_rate") assertBurnRate(condition);
  if (condition.kind !== "composite") return;
  for (const [n, part] of condition.parts.entries()) {
    if (part.series === "") throw invalidField(`condition.parts.${n}.series`, "Name the series of this condition");
    if (part.condition.kind === "threshold") assertLevels(part.condition, `condition.parts.${n}.condition`);
  }
}

/** The selectors of a rule, each with its field. */
const selectorsOf = ({ series, condition }: { series: string; condition: RuleCondition }): [string, string][] => [
  ["series", series],
  ...partSelectors(condition).map((selector, n): [string, string] => [
    condition.kind === "composite" ? `condition.parts.${n}.series` : "condition.total",
    selector,
  ]),
];

/** Why a rule judges nothing; null where some host has its series. @throws DomainError validation for a selector that cannot be read */
async function problemOf(db: Connection, rule: RuleInput): Promise<string | null> {
  if (rule.condition.kind === "heartbeat" || rule.condition.kind === "expression") return null;
  const hosts = (await listHosts(db)).filter(({ id }) => coversHost(rule, id));
  const all = (await Promise.all(hosts.map(({ id }) => listSeries(db, id)))).flat();
  for (const [field, selector] of selectorsOf(rule)) {
    try {
      selectSeries(all, selector);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      if (error.type === "not-found") return noSeries(selector);
      throw invalidField(field, error.message);
    }
  }
  return null;
}

/** What is said of a rule whose series no host has. */
export const noSeries = (series: string): string =>
  `No host of the rule has a series ${series}: GET /api/v1/series lists those of a host`;

/** A rule as it would be stored, with why it would judge nothing. @throws DomainError validation */
export async function checkedRule(db: Connection, input: RuleInput): Promise<RuleInput & { problem: string | null }> {
  assertCondition(input);
  await assertHosts(db, [...input.hostIds, ...input.exceptHostIds]);
  return { ...input, problem: await problemOf(db, input) };
}

/** Begins what a rule waits for. */
async function began(db: Connection, row: Row): Promise<AlertRule> {
  const rule = toRule(row);
  if (rule.condition.kind === "heartbeat") await awaitHeartbeat(db, rule.id, rule.updatedAt.getTime());
  return rule;
}

/** Creates a rule. @throws DomainError validation */
export async function createRule(db: Connection, input: RuleInput, userId: string | null): Promise<AlertRule> {
  const data = { ...(await checkedRule(db, input)), createdBy: userId };
  return began(db, await db.alertRule.create({ data }));
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
  return began(db, await db.alertRule.update({ where: { id }, data: await checkedRule(db, input) }));
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
