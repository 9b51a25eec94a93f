import { isDeepStrictEqual } from "node:util";
import { isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { type ReadRule, type RuleFile, readRuleFiles } from "#lib/alerts/prometheus/read-files.ts";
import { type AlertRule, createRule, listRules, type RuleInput, replaceRule } from "#lib/alerts/rules.ts";
import type { Connection, Database } from "#lib/db/client.ts";

/**
 * What becomes of a rule of a file: the name of the rule here, which of its fields change, what is other than in the file (`changes`), or the reason
 * why it is refused.
 */
export type ImportedRule = {
  file: string;
  group: string;
  alert: string;
  name: string;
  action: "create" | "change" | "keep" | "refuse";
  fields: string[];
  changes: string[];
  reason: string | null;
};

const MOST_NAME = 100;

/** What a rule says that its file has, by the file's words. */
function ofFile({ severity, labels, forMs, keepFiringMs, condition }: RuleInput): Record<string, unknown> {
  if (condition.kind !== "expression") return { severity, labels, for: forMs, keep_firing_for: keepFiringMs };
  const { expr, everyMs: interval, limit, annotations } = condition;
  return { severity, labels, for: forMs, keep_firing_for: keepFiringMs, expr, interval, limit, annotations };
}

/** A rule with what its file says; what was chosen here stays: its name, whether it is on, and what no data and errors mean. */
const updated = ({ id: _, updatedAt: __, problem: ___, ...present }: AlertRule, wanted: RuleInput): RuleInput => ({
  ...present,
  ...{ severity: wanted.severity, labels: wanted.labels, condition: wanted.condition },
  ...{ forMs: wanted.forMs, keepFiringMs: wanted.keepFiringMs },
});

const originOf = (rule: Pick<RuleInput, "condition">): string | undefined =>
  isExpressionRule(rule) && rule.condition.origin
    ? JSON.stringify([rule.condition.origin.group, rule.condition.origin.alert, rule.condition.origin.number])
    : undefined;

/** A name that no rule has yet: with its group, and with a number, where the alert's own is in use. */
function freeName(alert: string, group: string, used: ReadonlySet<string>): string {
  if (!used.has(alert)) return alert;
  for (let n = 1; ; n++) {
    const mark = n === 1 ? ` (${group})` : ` (${group}, ${n})`;
    const name = `${alert.slice(0, Math.max(0, MOST_NAME - mark.length))}${mark}`.slice(0, MOST_NAME);
    if (!used.has(name)) return name;
    if (mark.length >= MOST_NAME) return `${alert} ${n}`.slice(-MOST_NAME);
  }
}

/** Makes the plan of an import, and with `write` follows it. */
class Importer {
  readonly #byOrigin: Map<string | undefined, AlertRule>;
  readonly #names: Set<string>;
  readonly #tx: Connection;
  readonly #userId: string | null;
  readonly #write: boolean;

  constructor(tx: Connection, rules: AlertRule[], { userId, dryRun }: ImportOptions) {
    [this.#tx, this.#userId, this.#write] = [tx, userId, !dryRun];
    this.#byOrigin = new Map(rules.map((rule) => [originOf(rule), rule]));
    this.#names = new Set(rules.map(({ name }) => name));
  }

  async take(read: ReadRule): Promise<ImportedRule> {
    const { file, group, alert } = read;
    const result = { file, group, alert, name: alert, fields: [], changes: [], reason: null };
    if (read.rule === null) return { ...result, action: "refuse", reason: read.reason };
    const present = this.#byOrigin.get(originOf(read.rule));
    const { changes } = read;
    if (!present) return { ...result, ...(await this.#create(read.rule, group)), changes: [...changes] };
    const wanted = updated(present, read.rule);
    const [now, then] = [ofFile(present), ofFile(wanted)];
    const fields = Object.keys(then).filter((field) => !isDeepStrictEqual(now[field], then[field]));
    if (fields.length > 0 && this.#write) await replaceRule(this.#tx, present.id, wanted);
    return { ...result, name: present.name, action: fields.length > 0 ? "change" : "keep", fields, changes };
  }

  async #create(rule: RuleInput, group: string): Promise<Pick<ImportedRule, "name" | "action">> {
    const name = freeName(rule.name, group, this.#names);
    this.#names.add(name);
    if (this.#write) await createRule(this.#tx, { ...rule, name }, this.#userId);
    return { name, action: "create" };
  }
}

export type ImportOptions = { userId: string | null; dryRun: boolean };

/**
 * Takes over the alert rules of Prometheus' rule files, or only says what would become of each (`dryRun`). A rule is known by its group and its name
 * there: imported again it stays as it is, or is changed as the file was.
 */
export async function importPrometheusRules(
  db: Database,
  files: RuleFile[],
  options: ImportOptions,
): Promise<ImportedRule[]> {
  const read = readRuleFiles(files);
  return db.$transaction(
    async (tx) => {
      // One import at a time: two of the same file would make its rules twice.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alert rule import'))`;
      const importer = new Importer(tx, await listRules(tx), options);
      const results: ImportedRule[] = [];
      for (const rule of read) results.push(await importer.take(rule));
      return results;
    },
    { timeout: 60_000 },
  );
}
