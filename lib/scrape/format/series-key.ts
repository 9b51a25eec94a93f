const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const SPACE = /[ \t]*/y;
const [QUOTE, BACKSLASH, LINE_BREAK] = [34, 92, 10];

/** What a sample's line begins with: its name and labels, up to `end`, or what is wrong there. */
export type KeyEnd = { end: number } | { problem: string };

const match = (pattern: RegExp, text: string, from: number): number => {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : -1;
};

/** Where a quoted text ends; -1 where none begins or ends. By hand: a pattern would run out of stack at a few million letters. */
function endOfQuoted(text: string, from: number, lines: boolean): number {
  if (text.charCodeAt(from) !== QUOTE) return -1;
  for (let at = from + 1; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) code = text.charCodeAt(++at);
    if (code === LINE_BREAK && !lines) return -1;
  }
  return -1;
}

/** Which spaces and commas a format lets stand, and whether a quoted value may hold a line break. */
export type KeyRules = { spaces: boolean; lastComma: boolean; lines: boolean };

/** Finds where the name and labels of a sample end that begin at `from`. */
export function endOfKey(text: string, from: number, rules: KeyRules): KeyEnd {
  const skip = (at: number) => (rules.spaces ? match(SPACE, text, at) : at);
  const nameEnd = match(NAME, text, from);
  if (nameEnd === -1) return { problem: "a metric's name should stand here" };
  const brace = skip(nameEnd);
  if (text[brace] !== "{") return { end: nameEnd };
  return endOfLabels(text, brace + 1, rules, skip);
}

/** Finds the end of labels that begin after a brace. */
export function endOfLabels(text: string, from: number, rules: KeyRules, skip: (at: number) => number): KeyEnd {
  let at = skip(from);
  for (let isFirst = true; text[at] !== "}"; isFirst = false) {
    if (!isFirst) {
      if (text[at] !== ",") return { problem: "a comma or a closing brace should stand here" };
      at = skip(at + 1);
      if (text[at] === "}" && rules.lastComma) break;
    }
    const name = match(LABEL, text, at);
    if (name === -1) return { problem: "a label's name should stand here" };
    const equal = skip(name);
    if (text[equal] !== "=") return { problem: "an equals sign should follow a label's name" };
    const value = endOfQuoted(text, skip(equal + 1), rules.lines);
    if (value === -1) return { problem: "a label's value should stand in double quotes" };
    at = skip(value);
  }
  return { end: at + 1 };
}

const ESCAPES: Record<string, string> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };
const unescaped = (text: string): string =>
  text.includes("\\") ? text.replaceAll(/\\[\\"n]/g, (pair) => ESCAPES[pair] ?? pair) : text;

const LABEL_START = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*/y;
const BETWEEN = /[ \t]*,?/y;

/** The name and labels of a key that was found by endOfKey, in their order. A label may be there twice. */
export function readKey(key: string): { metric: string; labels: [string, string][] } {
  const brace = key.indexOf("{");
  if (brace === -1) return { metric: key, labels: [] };
  const labels: [string, string][] = [];
  for (let at = brace + 1; ; ) {
    LABEL_START.lastIndex = at;
    const name = LABEL_START.exec(key)?.[1];
    if (name === undefined) return { metric: key.slice(0, brace).trimEnd(), labels };
    const start = LABEL_START.lastIndex;
    const end = endOfQuoted(key, start, true);
    labels.push([name, unescaped(key.slice(start + 1, end - 1))]);
    at = match(BETWEEN, key, end);
  }
}
