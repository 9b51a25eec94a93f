import { parseDocument, stringify } from "yaml";
import * as z from "zod";
import { type AlertRule, createRule, listRules, type RuleInput, removeRule, replaceRule } from "#lib/alerts/rules.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import { durationMs } from "#lib/contract/param-texts.ts";
import { parseWire } from "#lib/contract/parse-wire.ts";
import { strict } from "#lib/contract/strict.ts";
import { encode } from "#lib/contract/wire.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError, type FieldProblem, isDomainError } from "#lib/errors.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

// Rules as code: a YAML file whose fields are those of the API, with durations as 5m rather than ms and hosts by their names.

const VERSION = 1;

type Json = unknown;
type HostNames = Map<number, string>;

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const UNITS: [string, number][] = [
  ["d", DAY_MS],
  ["h", HOUR_MS],
  ["m", MINUTE_MS],
  ["s", SECOND_MS],
];

function durationOf(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size && ms % size === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}

/** What these hold is data: its keys are nobody's fields. */
const DATA = /^(labels|annotations)$/;

/** `for_ms: 300000` as `for: 5m`, however deep. */
function readable(value: Json): Json {
  if (Array.isArray(value)) return value.map(readable);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) =>
      key.endsWith("_ms") && typeof part === "number"
        ? [key.slice(0, -3), durationOf(part)]
        : [key, DATA.test(key) ? part : readable(part)],
    ),
  );
}

const DURATIONS = /^(for|keep_firing|window|against|within|long|short|every|grace)$/;

/** The other way. A duration that cannot be read stays as it is: the schema says so, by its name. */
function wireOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(wireOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      if (!DURATIONS.test(key)) return [key, DATA.test(key) ? part : wireOf(part)];
      const text = String(part).trim();
      return [`${key}_ms`, /^0[a-z]*$/.test(text) ? 0 : (durationMs(text) ?? part)];
    }),
  );
}

/** What is the default need not be written. */
const DEFAULTS = readable(
  encode(ruleSchema, ruleSchema.parse({ name: "x", series: "x", condition: { kind: "absence" } })),
) as Record<string, Json>;

function fileRule({ id: _, updatedAt: __, problem: ___, ...rule }: AlertRule, names: HostNames): Record<string, Json> {
  const {
    host_ids: _hosts,
    except_host_ids: _except,
    ...fields
  } = readable(encode(ruleSchema, rule)) as Record<string, Json>;
  const named = (ids: number[]) => ids.map((id) => names.get(id) ?? `host ${id}`);
  const kept = Object.entries(fields).filter(
    ([key, value]) => key === "condition" || JSON.stringify(value) !== JSON.stringify(DEFAULTS[key]),
  );
  return {
    ...Object.fromEntries(kept),
    ...(rule.hostIds.length > 0 ? { hosts: named(rule.hostIds) } : {}),
    ...(rule.exceptHostIds.length > 0 ? { except_hosts: named(rule.exceptHostIds) } : {}),
  };
}

const readHostNames = async (db: Connection): Promise<HostNames> =>
  new Map((await listHosts(db)).map(({ id, name }) => [id, name]));

/** All rules as YAML. */
export async function exportRules(db: Connection): Promise<string> {
  const [rules, names] = [await listRules(db), await readHostNames(db)];
  return stringify({ version: VERSION, rules: rules.map((rule) => fileRule(rule, names)) }, { lineWidth: 120 });
}

/** What applying a file does to a rule, and which of its fields differ. */
export type RuleChange = { name: string; action: "create" | "change" | "keep" | "remove"; fields: string[] };

const fileSchema = z.strictObject({ version: z.literal(VERSION), rules: z.array(z.unknown()).max(10_000) });
const wholeRule = strict(ruleSchema);

/** So much of what is wrong is said in a sentence; the fields have all of it. */
const SAID = 2_000;

function refused(fields: FieldProblem[]): DomainError {
  const all = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
  return new DomainError("validation", `Nothing was applied. ${all}`.slice(0, SAID), { fields });
}

function problemsOf(error: unknown, at: string): FieldProblem[] {
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => ({ field: [at, ...path].join("."), message }));
  if (!isDomainError(error)) throw error;
  const fields = error.fields.length > 0 ? error.fields : [{ field: "", message: error.message }];
  return fields.map(({ field, message }) => ({ field: [at, field].filter(Boolean).join("."), message }));
}

/** A document's rules, not yet checked. @throws DomainError validation */
function parseFile(text: string): unknown[] {
  const document = parseDocument(text, { uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) throw refused([{ field: "yaml", message: broken.message.split("\n")[0] ?? "This is no YAML" }]);
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw refused([{ field: "yaml", message: error instanceof Error ? error.message : "This is no YAML" }]);
  }
  const file = fileSchema.safeParse(content);
  if (!file.success) throw refused(problemsOf(file.error, "yaml"));
  return file.data.rules;
}

function hostIdsOf(hosts: Json, names: HostNames, field: string): number[] {
  if (hosts === undefined) return [];
  if (!Array.isArray(hosts)) throw refused([{ field, message: "Write a list of names of hosts" }]);
  return hosts.map((name) => {
    const id = [...names].find(([, own]) => own === name)?.[0];
    if (id === undefined) throw refused([{ field, message: `There is no host ${name}` }]);
    return id;
  });
}

function ruleOf(entry: Json, names: HostNames): RuleInput {
  if (!isObject(entry)) throw refused([{ field: "", message: "Write a rule as its fields" }]);
  const { hosts, except_hosts, ...fields } = entry;
  const ids = {
    host_ids: hostIdsOf(hosts, names, "hosts"),
    except_host_ids: hostIdsOf(except_hosts, names, "except_hosts"),
  };
  return parseWire(wholeRule, { ...(wireOf(fields) as object), ...ids });
}

/** A file's rules. Every mistake is named. @throws DomainError validation */
function readRules(text: string, names: HostNames): RuleInput[] {
  const problems: FieldProblem[] = [];
  const rules: RuleInput[] = [];
  const seen = new Set<string>();
  for (const [n, entry] of parseFile(text).entries()) {
    try {
      const rule = ruleOf(entry, names);
      if (seen.has(rule.name)) throw refused([{ field: "name", message: `A rule before has the name ${rule.name}` }]);
      seen.add(rule.name);
      rules.push(rule);
    } catch (error) {
      problems.push(...problemsOf(error, `rules.${n}`));
    }
  }
  if (problems.length > 0) throw refused(problems);
  return rules;
}

/** The fields in which a rule differs from what a file has. */
function differing(rule: AlertRule, wanted: RuleInput, names: HostNames): string[] {
  const [now, then] = [fileRule(rule, names), fileRule({ ...rule, ...wanted }, names)];
  const keys = [...new Set([...Object.keys(now), ...Object.keys(then)])];
  return keys.filter((key) => JSON.stringify(now[key]) !== JSON.stringify(then[key]));
}

export type ApplyOptions = { prune: boolean; dryRun: boolean; userId: string | null };

async function applyAll(
  tx: Connection,
  wanted: RuleInput[],
  { prune, dryRun, userId }: ApplyOptions,
): Promise<RuleChange[]> {
  const names = await readHostNames(tx);
  const byName = new Map((await listRules(tx)).map((rule) => [rule.name, rule]));
  const [changes, problems]: [RuleChange[], FieldProblem[]] = [[], []];
  for (const [n, rule] of wanted.entries()) {
    const present = byName.get(rule.name);
    byName.delete(rule.name);
    const fields = present ? differing(present, rule, names) : [];
    const action = !present ? "create" : fields.length > 0 ? "change" : "keep";
    changes.push({ name: rule.name, action, fields });
    try {
      // Written even where only a plan is wanted, and taken back: what a rule is refused for is known then.
      if (!present) await createRule(tx, rule, userId);
      else if (action === "change") await replaceRule(tx, present.id, rule);
    } catch (error) {
      problems.push(...problemsOf(error, `rules.${n}`));
    }
  }
  if (problems.length > 0) throw refused(problems);
  for (const { id, name } of prune ? byName.values() : []) {
    if (!dryRun) await removeRule(tx, id);
    changes.push({ name, action: "remove", fields: [] });
  }
  return changes;
}

class Planned extends Error {
  readonly changes: RuleChange[];
  constructor(changes: RuleChange[]) {
    super("A plan changes nothing");
    this.changes = changes;
  }
}

/** Makes the rules those of a YAML file, by their names: all of them or none. @throws DomainError validation, with every mistake */
export async function applyRules(db: Database, text: string, options: ApplyOptions): Promise<RuleChange[]> {
  const wanted = readRules(text, await readHostNames(db));
  try {
    return await db.$transaction(
      async (tx) => {
        const changes = await applyAll(tx, wanted, options);
        if (options.dryRun) throw new Planned(changes);
        return changes;
      },
      { timeout: 60_000 },
    );
  } catch (error) {
    if (error instanceof Planned) return error.changes;
    throw error;
  }
}
