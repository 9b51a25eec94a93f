import { type Document, isMap, isScalar, isSeq, stringify, visit, type YAMLMap } from "yaml";
import { isStorable } from "#lib/contract/storable.ts";
import { invalidField } from "#lib/errors.ts";
import { readDuration } from "#lib/promql/syntax/literals.ts";
import { type ScrapeSettings, scrapeConfigSchema } from "#lib/scrape/config/schema.ts";
import { readYaml } from "#lib/scrape/config/yaml.ts";

/** What stands in place of a secret, as in Prometheus. */
const HIDDEN = "<secret>";
const SECRETS = [
  ["basic_auth", "password"],
  ["authorization", "credentials"],
] as const;

/** Secrets by their path. */
export type Secrets = Record<string, string>;

/** A configuration as it is kept: its text without secrets, these apart. */
export type ReadConfig = { text: string; secrets: Secrets; settings: ScrapeSettings };

/** What a header of HTTP may hold. */
const HEADER = /^[\t\x20-\x7e\x80-\xff]*$/;
const BROKEN = "It holds U+0000 or a broken character";
const NO_ENTRY = "Write an entry of scrape_configs, such as job_name: node";
const refuse = (message: string) => invalidField("scrape", message);

/** @throws DomainError validation for what is no YAML, or holds what is not supported of it */
function readDocument(text: string): Document {
  const document = parse(text);
  visit(document, {
    Alias() {
      throw refuse("Write it out: anchors and aliases are not supported");
    },
    Scalar(_, { value }) {
      if (typeof value === "string" && !isStorable(value)) throw refuse(BROKEN);
    },
  });
  return document;
}

function parse(text: string): Document {
  if (text.trim() === "") throw refuse(NO_ENTRY);
  try {
    return readYaml(text).document;
  } catch (error) {
    throw refuse(`This is no YAML: ${(error as Error).message}`);
  }
}

/** The one entry of what was entered, which may be a list or stand below scrape_configs. @throws DomainError validation */
function readEntry(text: string): Document {
  const document = readDocument(text);
  const whole: unknown = document.contents;
  let node = whole;
  if (isMap(whole) && whole.has("scrape_configs")) {
    refuseOthers(whole, ["global", "scrape_configs"], "");
    node = whole.get("scrape_configs", true);
  }
  if (isSeq(node)) {
    if (node.items.length !== 1) throw refuse("An input has one job: add an input for each entry of scrape_configs");
    [node] = node.items;
  }
  if (!isMap(node)) throw refuse(NO_ENTRY);
  if (isMap(whole) && node !== whole) applyGlobal(whole.get("global", true), node);
  document.contents = node as never;
  return document;
}

/** @throws DomainError validation that names what stands beside the fields that are supported */
function refuseOthers(map: YAMLMap, supported: readonly string[], prefix: string): void {
  const others = map.items.map(({ key }) => String(key)).filter((name) => !supported.includes(name));
  if (others.length === 0) return;
  const problems = others.slice(0, MOST_PROBLEMS).map((name) => `${prefix}${name} is not supported: leave it out`);
  throw refuse(problems.join("; ").slice(0, 2_000));
}

const GLOBAL = ["scrape_interval", "scrape_timeout", "sample_limit", "body_size_limit"] as const;

/** Writes what holds for all entries into one that does not say it itself. @throws DomainError validation */
function applyGlobal(global: unknown, entry: YAMLMap): void {
  if (global === undefined || (isScalar(global) && !global.value)) return;
  if (!isMap(global)) throw refuse("global: Write fields, such as scrape_interval: 15s");
  refuseOthers(global, GLOBAL, "global.");
  for (const field of GLOBAL) {
    const value: unknown = global.get(field);
    if (value === undefined || value === "" || entry.has(field)) continue;
    // As in Prometheus: an entry with a shorter interval has a timeout as short.
    if (field === "scrape_timeout" && isLonger(value, entry.get("scrape_interval"))) continue;
    entry.set(field, value);
  }
}

const isLonger = (timeout: unknown, interval: unknown): boolean =>
  (readDuration(String(timeout)) ?? 0) > (readDuration(String(interval ?? "")) ?? Number.POSITIVE_INFINITY);

/** So many wrong fields are named at once. */
const MOST_PROBLEMS = 10;

const pathText = (path: PropertyKey[]): string =>
  path.map((part, n) => (typeof part === "number" ? `[${part}]` : `${n > 0 ? "." : ""}${String(part)}`)).join("");

type Issue = { code: string; path: PropertyKey[]; message: string; keys?: string[]; issues?: { message: string }[] };

/** An issue with the field that it is about; what is not supported by its name. */
function problemsOf({ code, path, message, keys = [], issues = [] }: Issue): string[] {
  if (code !== "unrecognized_keys") return [`${pathText(path)}: ${issues[0]?.message ?? message}`];
  return keys.map((key) => `${pathText([...path, key])} is not supported: leave it out`);
}

/** @throws DomainError validation that names each wrong field */
function settingsOf(entry: unknown): ScrapeSettings {
  const result = scrapeConfigSchema.safeParse(entry);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue as Issue));
  throw refuse(problems.slice(0, MOST_PROBLEMS).join("; ").slice(0, 2_000));
}

/**
 * Reads an entry of scrape_configs, in YAML or JSON. A secret that is hidden in it is the one of before.
 * @throws DomainError validation that names each wrong field, and what is not supported
 */
export function readConfig(text: string, before: Secrets = {}): ReadConfig {
  if (!isStorable(text)) throw refuse(BROKEN);
  const document = readEntry(text);
  const secrets: Secrets = {};
  for (const path of SECRETS) {
    const value = document.getIn(path);
    if (typeof value !== "string" || value === "") continue;
    const own = value === HIDDEN ? before[path.join(".")] : value;
    if (own === undefined) throw refuse(`${path.join(".")}: Enter it again`);
    secrets[path.join(".")] = own;
    document.setIn(path, HIDDEN);
  }
  const entry: unknown = document.toJS();
  const settings = settingsOf(entry);
  const { basic_auth: basic, authorization } = settings;
  if (basic) basic.password = secrets["basic_auth.password"] ?? "";
  if (authorization) authorization.credentials = secrets["authorization.credentials"] ?? "";
  for (const [field, value] of Object.entries(authorization ?? {}))
    if (!HEADER.test(value))
      throw refuse(
        `authorization.${field}: It has a character that no header takes: leave out line breaks and the like`,
      );
  return { text: shown(document, entry), secrets, settings };
}

/** As it was entered, with its comments; JSON becomes YAML. */
function shown(document: Document, entry: unknown): string {
  const { contents } = document;
  const options = { lineWidth: 0, flowCollectionPadding: false };
  return isMap(contents) && contents.flow ? stringify(entry, options) : document.toString(options);
}

/** What says neither where a request goes nor what it does there. All else does, whatever is supported one day. */
const AFTERWARDS = ["metric_relabel_configs", "honor_labels", "honor_timestamps", "sample_limit", "body_size_limit"];
/** Labels of a target, which relabel_configs may make an address of. */
const LABELS = ["job_name", "scrape_interval", "scrape_timeout"];

type Kept = Pick<ReadConfig, "text" | "secrets">;

/** Whether two configurations send the same requests to the same targets. */
export function requestSame(config: Kept, before: Kept): boolean {
  const requests = ({ text, secrets }: Kept) => {
    const entry = readYaml(text).document.toJS() as Record<string, unknown>;
    const free = entry.relabel_configs === undefined ? [...AFTERWARDS, ...LABELS] : AFTERWARDS;
    const fields = Object.entries(entry).filter(([field]) => !free.includes(field));
    return JSON.stringify([fields, Object.entries(secrets)].map((pairs) => pairs.sort(([a], [b]) => (a < b ? -1 : 1))));
  };
  return requests(config) === requests(before);
}
