import { RE2JS } from "re2js";
import type { Reader } from "#lib/db/reading.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog/series.ts";

const SELECTOR = /^([a-z_:][a-z0-9_.:]*)(?:\{(.*)\})?$/i;
const MATCHER = /^\s*([a-z_][a-z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")\s*(?:,|$)/i;
const MAX_PATTERN = 200;

type Matches = (value: string | undefined) => boolean;

function wrong(text: string, why: string): DomainError {
  const message = `"${text}" ${why}: write a series id, a metric (cpu.usage), or a metric with labels (disk.usage{mount="/"}, and !=, =~ or !~ for =)`;
  return invalidField("series", message);
}

/** Patterns match the whole value, as in Prometheus, by RE2, whose time is linear in the text whatever the pattern. */
function pattern(source: string, selector: string): Matches {
  if (source.length > MAX_PATTERN) throw wrong(selector, `has a pattern of more than ${MAX_PATTERN} characters`);
  try {
    const compiled = RE2JS.compile(source);
    return (value) => compiled.matches(value ?? "");
  } catch {
    throw wrong(selector, `has the pattern ${source}, which is no regular expression`);
  }
}

function toMatches(operator: string, value: string, selector: string): Matches {
  if (operator === "=") return (label) => label === value;
  if (operator === "!=") return (label) => label !== value;
  const matches = pattern(value, selector);
  return operator === "=~" ? matches : (label) => !matches(label);
}

/** The text between quotes, whose escapes are JSON's. */
function unquoted(text: string, selector: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw wrong(selector, `has ${text} with an escape that there is not (a backslash stands as \\\\)`);
  }
}

function parseMatchers(text: string, selector: string): [string, Matches][] {
  const matchers: [string, Matches][] = [];
  for (let rest = text; rest.trim() !== ""; ) {
    const match = MATCHER.exec(rest);
    if (!match) throw wrong(selector, "has labels that cannot be read");
    const [whole, name, operator, value] = match as unknown as [string, string, string, string];
    matchers.push([name, toMatches(operator, unquoted(value, selector), selector)]);
    rest = rest.slice(whole.length);
  }
  return matchers;
}

/**
 * Whether labels match matchers as they stand between the braces of a selector: `host="db-01",severity!="info"`.
 * @throws DomainError validation for matchers that cannot be read
 */
export function labelMatcher(text: string): (labels: Record<string, string>) => boolean {
  const matchers = parseMatchers(text, text);
  return (labels) => matchers.every(([name, matches]) => matches(labels[name]));
}

/** The metric or the id that a selector names: what a host's series are looked up by. */
function namedBy(selector: string): { id: number } | { metric: string } {
  const text = selector.trim();
  if (/^\d{1,9}$/.test(text)) return { id: Number(text) };
  const match = SELECTOR.exec(text);
  if (!match) throw wrong(text, "is not a series");
  return { metric: match[1] as string };
}

/**
 * The series that a selector names: an id, a metric, or a metric with label matchers.
 * @throws DomainError validation for one that cannot be read, not-found for one that names nothing
 */
export function selectSeries(all: SeriesInfo[], selector: string): SeriesInfo[] {
  const text = selector.trim();
  const named = namedBy(text);
  let found: SeriesInfo[];
  if ("id" in named) {
    found = all.filter((series) => series.id === named.id);
  } else {
    const matchers = parseMatchers(SELECTOR.exec(text)?.[2] ?? "", text);
    found = all.filter(
      (s) => s.metric === named.metric && matchers.every(([name, matches]) => matches(s.labels[name])),
    );
  }
  if (found.length > 0) return found;
  const message = `"${text}" matches no series of this host: GET /api/v1/series lists them`;
  throw new DomainError("not-found", message, { fields: [{ field: "series", message }] });
}

/** The series of a host that selectors name, each once, at least one. @throws DomainError validation, not-found */
export async function findSeries(db: Reader, hostId: number, selectors: string[]): Promise<SeriesInfo[]> {
  const all = await listSeries(db, hostId, selectors.map(namedBy));
  const selected = selectors.flatMap((selector) => selectSeries(all, selector));
  return [...new Map(selected.map((series) => [series.id, series])).values()];
}
