import type { FamilyMetadata } from "#lib/inputs/remote-write/metadata.ts";
import { ExpositionError } from "#lib/scrape/format/exposition-error.ts";
import { parseNumber } from "#lib/scrape/format/number.ts";
import type { ExpositionReader } from "#lib/scrape/format/reader.ts";
import { endOfKey, type KeyRules } from "#lib/scrape/format/series-key.ts";

const RULES: KeyRules = { spaces: true, lastComma: true, lines: true };
const COMMENT = /^#[ \t]+(HELP|TYPE)[ \t]+(?:([a-zA-Z_:][a-zA-Z0-9_:]*)(.*))?$/;
const REST = /^[ \t]*([^{ \t\n]+)(?:[ \t]+(\d+))?[ \t]*$/;
const TYPES: Record<string, FamilyMetadata["type"]> = {
  counter: "counter",
  gauge: "gauge",
  histogram: "histogram",
  summary: "summary",
  untyped: "unknown",
};

/** Reads the text format 0.0.4, a line at a step. @throws ExpositionError that names the broken line */
export function* parseText(body: string, reader: ExpositionReader): Generator<undefined> {
  let line = 1;
  for (let at = 0; at < body.length; line++) {
    yield;
    const start = at;
    const lineEnd = endOfLine(body, at);
    const first = skipSpaces(body, at);
    if (first === lineEnd) {
      at = lineEnd + 1;
      continue;
    }
    if (body[first] === "#") {
      readComment(body.slice(first, lineEnd), line, reader);
      at = lineEnd + 1;
      continue;
    }
    const key = endOfKey(body, first, RULES);
    if ("problem" in key) throw new ExpositionError(line, key.problem, body.slice(start, lineEnd));
    // A quoted value may hold line breaks.
    const end = endOfLine(body, key.end);
    const sample = REST.exec(body.slice(key.end, end));
    const value = sample && parseNumber(sample[1] ?? "");
    if (!sample || typeof value !== "number")
      throw new ExpositionError(line, "a number, and perhaps a time in ms, should follow", body.slice(start, end));
    reader.sample({
      key: body.slice(first, key.end),
      value,
      at: sample[2] === undefined ? undefined : Number(sample[2]),
    });
    if (end > lineEnd) line += body.slice(start, end).split("\n").length - 1;
    at = end + 1;
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at += 1;
  return at;
}

function readComment(text: string, line: number, reader: ExpositionReader): void {
  const [, word, family, rest = ""] = COMMENT.exec(text) ?? [];
  if (word === undefined) return;
  if (family === undefined) throw new ExpositionError(line, `a metric's name should follow ${word}`, text);
  const about = rest.replace(/^[ \t]+/, "");
  if (word === "HELP") {
    const help = about.replaceAll(/\\[\\n]/g, (pair) => (pair === "\\n" ? "\n" : "\\"));
    reader.metadata({ family, help });
    return;
  }
  const type = Object.hasOwn(TYPES, about) ? TYPES[about] : undefined;
  if (type === undefined) throw new ExpositionError(line, `${JSON.stringify(about)} is no type of a metric`, text);
  reader.metadata({ family, type });
}
