import { RE2JS } from "re2js";
import { reasonOf } from "#lib/log.ts";

const MAX_PATTERN = 4_000;
/** Steps of a program: each letter of a text may have to try all of them. */
const MAX_PROGRAM = 2_000;
/** So many steps may be compiled to see how many there are. */
const MAX_EXPANDED = 8_000;

const TOKEN =
  /\\Q[\s\S]*?(?:\\E|$)|\\(?:[pPx]\{[^}]*\}|[\s\S])|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\{(\d{1,4})(?:,(\d{0,4}))?\}|[\s\S]/g;

/** About how many steps an expression has once its counted repetitions are written out. */
function expandedSize(regex: string): number {
  const outer: number[] = [];
  let [size, last] = [0, 0];
  for (const [token, least, most] of regex.matchAll(TOKEN)) {
    if (token === "(") {
      outer.push(size);
      size = 0;
      last = 0;
    } else if (token === ")" && outer.length > 0) {
      last = size + 2;
      size = (outer.pop() ?? 0) + last;
    } else if (least !== undefined) {
      const more = last * Math.max(Number(least), Number(most ?? 0));
      size += more - last;
      last = more;
    } else {
      last = token.startsWith("\\Q") ? token.length : 1;
      size += last;
    }
  }
  return size;
}

const TOO_LARGE = `It is too large: at most ${MAX_PROGRAM} steps once repetitions such as {100} are written out. Write + or * for them, or make several rules of it`;

/** Compiles an expression of a rule; what matches it takes a time that is bounded. @throws Error in words, with what to write */
export function compileRule(regex: string): RE2JS {
  if (regex.length > MAX_PATTERN) throw new Error(`It has over ${MAX_PATTERN} characters: make several rules of it`);
  if (expandedSize(regex) > MAX_EXPANDED) throw new Error(TOO_LARGE);
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(regex);
  } catch (error) {
    throw new Error(`Write an RE2 expression: ${reasonOf(error)}`);
  }
  if (pattern.programSize() > MAX_PROGRAM) throw new Error(TOO_LARGE);
  return pattern;
}
