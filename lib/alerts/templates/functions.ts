import { formatFloat } from "#lib/alerts/templates/go-numbers.ts";
import { printf } from "#lib/alerts/templates/printf.ts";
import { templateError } from "#lib/alerts/templates/syntax.ts";
import { printValue, type TemplateValue } from "#lib/alerts/templates/values.ts";
import { expandMatch } from "#lib/promql/evaluate/labelling.ts";
import { compilePattern } from "#lib/promql/series/matcher.ts";

const DECIMAL = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
const BINARY = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
const SMALL = ["m", "u", "n", "p", "f", "a", "z", "y"];

const short = (value: number): string => formatFloat(value, "g", 4);

/** @throws DomainError validation for a text that is no number */
function toNumber(value: TemplateValue | undefined): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  if (Number.isNaN(number) && value !== "NaN") throw templateError(`${JSON.stringify(String(value))} is no number`);
  return number;
}

function scaled(value: number, prefixes: string[], base: number): string {
  let [rest, prefix] = [value, ""];
  for (const next of prefixes) {
    if (Math.abs(rest) < base) break;
    [rest, prefix] = [rest / base, next];
  }
  return short(rest) + prefix;
}

function scaledUp(value: number): string {
  let [rest, prefix] = [value, ""];
  for (const next of SMALL) {
    if (Math.abs(rest) >= 1) break;
    [rest, prefix] = [rest * 1000, next];
  }
  return short(rest) + prefix;
}

function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return short(value);
  return Math.abs(value) >= 1 ? scaled(value, DECIMAL, 1000) : scaledUp(value);
}

function humanize1024(value: number): string {
  return Math.abs(value) <= 1 || !Number.isFinite(value) ? short(value) : scaled(value, BINARY, 1024);
}

const LEAST_INT64 = -(2n ** 63n);

/** A float as Go turns it into an int64: what is too large becomes the least of all. */
const toInt64 = (value: number): bigint => (value < 2 ** 63 ? BigInt(Math.trunc(value)) : LEAST_INT64);

function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return short(value);
  if (value === 0) return `${short(value)}s`;
  if (Math.abs(value) < 1) return `${scaledUp(value)}s`;
  const [sign, whole] = [value < 0 ? "-" : "", toInt64(Math.abs(value))];
  const [seconds, minutes] = [whole % 60n, (whole / 60n) % 60n];
  const [hours, days] = [(whole / 3_600n) % 24n, whole / 86_400n];
  if (days !== 0n) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours !== 0n) return `${sign}${hours}h ${minutes}m ${seconds}s`;
  if (minutes !== 0n) return `${sign}${minutes}m ${seconds}s`;
  return `${sign}${short(Math.abs(value))}s`;
}

const MOST_SECONDS = 8.64e12;

function humanizeTimestamp(value: number): string {
  if (!Number.isFinite(value)) return short(value);
  if (Math.abs(value) * 1e9 > 2 ** 63 || Math.abs(value) > MOST_SECONDS)
    throw templateError(
      `${printValue(value)} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  const text = new Date(Math.trunc(value * 1000)).toISOString();
  return `${text.replace("T", " ").replace(/\.?0*Z$/, "")} +0000 UTC`;
}

/** A letter after what is none in upper case. */
const title = (text: string): string =>
  text.replace(/(^|[^\p{L}\p{N}_])(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

const stripPort = (text: string): string =>
  /^\[([^\]]*)\]:\d*$/.exec(text)?.[1] ?? text.replace(/^([^:]*):[^:]*$/, "$1");

/** Whether a value counts as true. */
export function isTrue(value: TemplateValue): boolean {
  if (typeof value === "object") return value.size > 0;
  return typeof value === "number" ? value !== 0 : Boolean(value);
}

function compare(left: TemplateValue | undefined, right: TemplateValue | undefined): number {
  if (typeof left === "string" && typeof right === "string") return left === right ? 0 : left < right ? -1 : 1;
  if (typeof left === "boolean" && typeof right === "boolean") return left === right ? 0 : 1;
  const [a, b] = [toNumber(left), toNumber(right)];
  return a === b ? 0 : a < b ? -1 : a > b ? 1 : Number.NaN;
}

function pattern(source: string) {
  try {
    return compilePattern(source);
  } catch (error) {
    throw templateError(`${JSON.stringify(source)} is no pattern: ${(error as Error).message}`);
  }
}

/** The longest text that a function of a template gives: what replaces may be longer each time. */
const MOST_TEXT = 10_000;

/** Refuses a text that grows beyond all sense. @throws DomainError validation */
export function assertLength(text: string): void {
  if (text.length > MOST_TEXT) throw templateError(`It becomes longer than ${MOST_TEXT} characters`);
}

/** Go's ReplaceAllString: an empty match right behind another is none. */
function replaceAll(source: string, replacement: string, text: string): string {
  const compiled = pattern(source);
  const matcher = compiled.matcher(text);
  let [result, end] = ["", -1];
  while (matcher.find()) {
    if (matcher.start() === matcher.end() && matcher.start() === end) continue;
    result += text.slice(Math.max(0, end), matcher.start()) + expandMatch(compiled, matcher, replacement);
    end = matcher.end();
    assertLength(result);
  }
  return result + text.slice(Math.max(0, end));
}

function indexOf(map: TemplateValue | undefined, key: TemplateValue | undefined): string {
  if (typeof map !== "object" || typeof key !== "string")
    throw templateError("index takes $labels and the name of a label");
  return map.get(key) ?? "";
}

function lengthOf(value: TemplateValue | undefined): bigint {
  if (typeof value === "string") return BigInt(Buffer.byteLength(value));
  if (typeof value === "object") return BigInt(value.size);
  throw templateError("len takes a text or $labels");
}

type Known = { least: number; most: number; run(...args: TemplateValue[]): TemplateValue };

const ofNumber = (run: (value: number) => string): Known => ({
  least: 1,
  most: 1,
  run: (value) => run(toNumber(value)),
});
const ofText = (run: (text: string) => string): Known => ({ least: 1, most: 1, run: (text) => run(String(text)) });
const comparing = (holds: (order: number) => boolean): Known => ({
  least: 2,
  most: 2,
  run: (a, b) => holds(compare(a, b)),
});
const ANY = Number.POSITIVE_INFINITY;

/** The functions that templates may call, by name. */
export const FUNCTIONS: ReadonlyMap<string, Known> = new Map(
  Object.entries({
    humanize: ofNumber(humanize),
    humanize1024: ofNumber(humanize1024),
    humanizeDuration: ofNumber(humanizeDuration),
    humanizePercentage: ofNumber((value) => `${short(value * 100)}%`),
    humanizeTimestamp: ofNumber(humanizeTimestamp),
    printf: { least: 1, most: ANY, run: (format, ...args) => printf(String(format), args) },
    print: { least: 0, most: ANY, run: (...args) => args.map((arg) => printValue(arg)).join("") },
    title: ofText(title),
    toUpper: ofText((text) => text.toUpperCase()),
    toLower: ofText((text) => text.toLowerCase()),
    stripPort: ofText(stripPort),
    safeHtml: ofText((text) => text),
    reReplaceAll: {
      least: 3,
      most: 3,
      run: (source, by, text) => replaceAll(String(source), String(by), String(text)),
    },
    match: { least: 2, most: 2, run: (source, text) => pattern(String(source)).matcher(String(text)).find() },
    eq: { least: 2, most: ANY, run: (first, ...others) => others.some((other) => compare(first, other) === 0) },
    ne: comparing((order) => order !== 0),
    lt: comparing((order) => order < 0),
    le: comparing((order) => order <= 0),
    gt: comparing((order) => order > 0),
    ge: comparing((order) => order >= 0),
    and: { least: 1, most: ANY, run: (...args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1) ?? "" },
    or: { least: 1, most: ANY, run: (...args) => args.find(isTrue) ?? args.at(-1) ?? "" },
    not: { least: 1, most: 1, run: (value) => !isTrue(value as TemplateValue) },
    index: { least: 2, most: 2, run: indexOf },
    len: { least: 1, most: 1, run: lengthOf },
  } satisfies Record<string, Known>),
);
