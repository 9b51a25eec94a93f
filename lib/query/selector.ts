import { DomainError } from "#lib/errors.ts";
import type { SeriesInfo } from "#lib/query/catalog.ts";

const SELECTOR = /^([a-z][a-z0-9_.]*)(?:\{(.*)\})?$/i;
const MATCHER = /^\s*([a-z_][a-z0-9_]*)\s*=\s*("(?:[^"\\]|\\.)*")\s*(?:,|$)/i;

function wrong(text: string, why: string): DomainError {
  const message = `"${text}" ${why}: write a series id, a metric (cpu.usage), or a metric with labels (disk.usage{mount="/"})`;
  return new DomainError("validation", message, { fields: [{ field: "series", message }] });
}

function parseMatchers(text: string, selector: string): [string, string][] {
  const matchers: [string, string][] = [];
  for (let rest = text; rest.trim() !== ""; ) {
    const match = MATCHER.exec(rest);
    if (!match) throw wrong(selector, "has labels that cannot be read");
    matchers.push([match[1] as string, JSON.parse(match[2] as string) as string]);
    rest = rest.slice(match[0].length);
  }
  return matchers;
}

/**
 * The series that a selector names: an id, a metric, or a metric with labels that must be equal.
 * @throws DomainError validation for one that cannot be read, not-found for one that names nothing
 */
export function selectSeries(all: SeriesInfo[], selector: string): SeriesInfo[] {
  const text = selector.trim();
  let found: SeriesInfo[];
  if (/^\d+$/.test(text)) {
    found = all.filter((series) => series.id === Number(text));
  } else {
    const match = SELECTOR.exec(text);
    if (!match) throw wrong(text, "is not a series");
    const matchers = parseMatchers(match[2] ?? "", text);
    found = all.filter((s) => s.metric === match[1] && matchers.every(([name, value]) => s.labels[name] === value));
  }
  if (found.length > 0) return found;
  const message = `"${text}" names no series of this host: GET /api/v1/series lists them`;
  throw new DomainError("not-found", message, { fields: [{ field: "series", message }] });
}
