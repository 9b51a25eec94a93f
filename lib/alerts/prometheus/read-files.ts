import { parseDocument } from "yaml";
import { compileRule, isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { severityOf } from "#lib/alerts/prometheus/severities.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import { isStorable } from "#lib/contract/storable.ts";
import { isDomainError } from "#lib/errors.ts";
import { intervalText } from "#lib/format/duration.ts";
import { readDuration } from "#lib/promql/syntax/literals.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

// Prometheus' rule files as rules of ours. Pure: nothing is read or stored.

/** A file as it was chosen. */
export type RuleFile = { name: string; content: string };

/** A rule of ours, which an expression is. */
type FileRule = ReturnType<typeof ruleSchema.parse>;

/** A rule of a file: what it becomes, and in which way that differs from the file; or why it is not taken over. */
export type ReadRule = { file: string; group: string; alert: string } & (
  | { rule: FileRule; changes: string[] }
  | { rule: null; reason: string }
);

/** What is wrong with a rule of a file. */
class Refusal extends Error {}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A map of texts; nothing is an empty one. */
function textsOf(value: unknown, field: string): Record<string, string> {
  if (value === undefined || value === "") return {};
  if (!isObject(value)) throw new Refusal(`${field} is no map`);
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      if (typeof text !== "string") throw new Refusal(`${field}.${name} is no text`);
      return [name, text];
    }),
  );
}

function durationOf(value: unknown, field: string): number | undefined {
  if (value === undefined || value === "") return undefined;
  const ms = readDuration(String(value).trim());
  if (ms === undefined) throw new Refusal(`${field} is no duration: ${JSON.stringify(value)}`);
  return ms;
}

const MOST_WAIT_MS = 24 * DAY_MS;

/** How long something waits or lasts. */
function waitOf(value: unknown, field: string): number {
  const ms = durationOf(value, field) ?? 0;
  if (ms > MOST_WAIT_MS) throw new Refusal(`${field} is longer than 24d: ${JSON.stringify(value)}`);
  return ms;
}

function countOf(value: unknown): number {
  if (value === undefined || value === "") return 0;
  const count = Number(value);
  if (!Number.isInteger(count) || count < 0) throw new Refusal(`limit is no number: ${JSON.stringify(value)}`);
  return count;
}

const LEAST_INTERVAL_MS = 10 * SECOND_MS;
const MOST_INTERVAL_MS = HOUR_MS;

/** How often a group's rules are evaluated here. */
function intervalOf(group: Fields, changes: string[]): number {
  const ms = durationOf(group.interval, "interval") ?? MINUTE_MS;
  const kept = Math.min(MOST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, ms));
  if (kept !== ms) changes.push(`evaluated every ${intervalText(kept)} instead of ${intervalText(ms)}`);
  return kept;
}

const MOST_LIMIT = 1_000;

function limitOf(group: Fields, changes: string[]): number {
  const limit = countOf(group.limit);
  if (limit > MOST_LIMIT) changes.push(`at most ${MOST_LIMIT} elements instead of ${limit}`);
  return Math.min(limit, MOST_LIMIT);
}

/** Refuses what PostgreSQL cannot store, by its field, so that the other rules of a file are taken. */
function assertStorable(fields: Fields, path = ""): void {
  for (const [name, value] of Object.entries(fields)) {
    if (!isStorable(name)) throw new Refusal(`a name in ${path || "the rule"} has a character that cannot be stored`);
    if (typeof value === "string" && !isStorable(value))
      throw new Refusal(`${path}${name} has a character that cannot be stored: U+0000, or half of a surrogate pair`);
    if (isObject(value)) assertStorable(value, `${path}${name}.`);
  }
}

const GROUP_FIELDS = ["name", "interval", "limit", "rules"];
const RULE_FIELDS = ["alert", "expr", "for", "keep_firing_for", "labels", "annotations"];

const unknownFields = (fields: Fields, names: string[], prefix: string): string[] =>
  Object.keys(fields)
    .filter((name) => !names.includes(name))
    .map((name) => `${prefix}${name} is left out`);

function severityFrom(labels: Record<string, string>, changes: string[]) {
  const label = labels.severity;
  if (label === undefined) return "warning" as const;
  const severity = severityOf(label);
  if (severity !== label) changes.push(`severity ${JSON.stringify(label)} counts as ${severity ?? "warning"}`);
  return severity ?? ("warning" as const);
}

/** Where a rule stands: its group, and how many of its name stand before. */
type Context = { name: string; group: Fields; number: number };

function toRule(
  fields: Fields,
  { name: group, group: groupFields, number }: Context,
): { rule: FileRule; changes: string[] } {
  const changes = [
    ...unknownFields(groupFields, GROUP_FIELDS, "the group's "),
    ...unknownFields(fields, RULE_FIELDS, ""),
  ];
  const labels = textsOf(fields.labels, "labels");
  const alert = String(fields.alert);
  assertStorable({ alert, group, expr: fields.expr, labels, annotations: fields.annotations });
  if (typeof fields.expr !== "string" || fields.expr.trim() === "") throw new Refusal("It has no expr");
  const parsed = ruleSchema.safeParse({
    name: alert,
    severity: severityFrom(labels, changes),
    labels,
    forMs: waitOf(fields.for, "for"),
    keepFiringMs: waitOf(fields.keep_firing_for, "keep_firing_for"),
    // As in Prometheus: what an expression does not give is well.
    noData: "ok",
    condition: {
      ...{ kind: "expression", expr: fields.expr, everyMs: intervalOf(groupFields, changes) },
      ...{ limit: limitOf(groupFields, changes), annotations: textsOf(fields.annotations, "annotations") },
      origin: { group, alert, number },
    },
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  if (isExpressionRule(parsed.data)) compileRule(parsed.data);
  return { rule: parsed.data, changes };
}

/** The field and what is wrong with it, in the words of a rule file. */
function reasonFrom(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (!isDomainError(error)) throw error;
  const field = error.fields[0]?.field.replace("condition.", "");
  return field ? `${field}: ${error.message}` : error.message;
}

/** A file's groups. @throws Refusal for what is no rule file */
function groupsOf(content: string): Fields[] {
  // All scalars as texts, as Prometheus takes them: `severity: 1` is "1".
  const document = parseDocument(content, { schema: "failsafe", uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) throw new Refusal(`It is no YAML: ${broken.message.split("\n")[0]}`);
  let file: unknown;
  try {
    file = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new Refusal(`It is no YAML: ${error instanceof Error ? error.message : "it cannot be read"}`);
  }
  // A PrometheusRule of Kubernetes has its groups in `spec`.
  const root = isObject(file) && isObject(file.spec) ? file.spec : file;
  const groups = isObject(root) ? root.groups : undefined;
  if (groups === "") return [];
  if (!Array.isArray(groups) || !groups.every(isObject))
    throw new Refusal("It has no groups: a rule file of Prometheus is expected");
  return groups;
}

/** Reads the rules of files, one after another. */
class FileReader {
  readonly rules: ReadRule[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #seen = new Map<string, string>();

  read({ name: file, content }: RuleFile): void {
    try {
      for (const group of groupsOf(content)) this.#readGroup(file, group);
    } catch (error) {
      this.rules.push({ file, group: "", alert: "", rule: null, reason: reasonFrom(error) });
    }
  }

  #readGroup(file: string, group: Fields): void {
    const name = typeof group.name === "string" ? group.name : "";
    const refuse = (reason: string, alert = "") => this.rules.push({ file, group: name, alert, rule: null, reason });
    if (name === "") return void refuse("The group has no name");
    if (group.rules === undefined || group.rules === "") return;
    if (!Array.isArray(group.rules)) return void refuse("rules is no list");
    for (const fields of group.rules) {
      if (!isObject(fields)) refuse("It is no rule");
      else if (fields.record !== undefined)
        refuse("A recording rule: write its expression into the rules that use it", String(fields.record));
      else if (typeof fields.alert !== "string" || fields.alert.trim() === "") refuse("It has no alert");
      else this.#readRule(file, { name, group }, fields as Fields & { alert: string });
    }
  }

  #readRule(file: string, at: Omit<Context, "number">, fields: Fields & { alert: string }): void {
    const where = { file, group: at.name, alert: fields.alert };
    const key = JSON.stringify([at.name, fields.alert]);
    const whole = JSON.stringify([at.name, fields.alert, fields.expr, fields.for ?? "", fields.labels ?? ""]);
    const before = this.#seen.get(whole);
    if (before !== undefined)
      return void this.rules.push({ ...where, rule: null, reason: `The same rule stands before, in ${before}` });
    this.#seen.set(whole, file);
    const number = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, number);
    try {
      this.rules.push({ ...where, ...toRule(fields, { ...at, number }) });
    } catch (error) {
      this.rules.push({ ...where, rule: null, reason: reasonFrom(error) });
    }
  }
}

/** The rules of Prometheus' rule files, in their order, each with what becomes of it. Nothing is left out without its reason. */
export function readRuleFiles(files: RuleFile[]): ReadRule[] {
  const reader = new FileReader();
  for (const file of files) reader.read(file);
  return reader.rules;
}
