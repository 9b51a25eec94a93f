import { RE2JS } from "re2js";
import type { LabelSet } from "#lib/promql/series/labels.ts";

export type MatchOperator = "=" | "!=" | "=~" | "!~";

/** The longest pattern that is compiled: a longer one is a list that a program made, and costs more than reading all. */
const MAX_PATTERN = 10_000;

/** A pattern of RE2 that a text must match as a whole. @throws SyntaxError for what is no pattern */
export function compilePattern(source: string): RE2JS {
  if (source.length > MAX_PATTERN) throw new SyntaxError(`pattern of more than ${MAX_PATTERN} characters`);
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new SyntaxError((error as Error).message.replace(/^error parsing regexp: /, ""));
  }
}

const LITERALS = /^[\w \-/:,@%&~"'<>=!;]*(?:\|[\w \-/:,@%&~"'<>=!;]*)*$/;

/** Whether a value matches a pattern; a list of plain words is looked up instead. */
function patternTest(source: string): (value: string) => boolean {
  if (LITERALS.test(source)) {
    const words = new Set(source.split("|"));
    return (value) => words.has(value);
  }
  const compiled = compilePattern(source);
  const before = new Map<string, boolean>();
  return (value) => {
    let matches = before.get(value);
    if (matches === undefined) {
      matches = compiled.matches(value);
      before.set(value, matches);
    }
    return matches;
  };
}

/** One condition of a selector on one label. A label that a series does not have is empty. */
export class Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  readonly #test: (value: string) => boolean;

  /** @throws SyntaxError for a pattern that is none */
  constructor(name: string, operator: MatchOperator, value: string) {
    this.name = name;
    this.operator = operator;
    this.value = value;
    if (operator === "=") this.#test = (label) => label === value;
    else if (operator === "!=") this.#test = (label) => label !== value;
    else {
      const matches = patternTest(value);
      this.#test = operator === "=~" ? matches : (label) => !matches(label);
    }
  }

  matches(value: string): boolean {
    return this.#test(value);
  }

  toString(): string {
    return `${this.name}${this.operator}${JSON.stringify(this.value)}`;
  }
}

/** Whether labels meet all conditions. */
export const matchesAll = (matchers: readonly Matcher[], labels: LabelSet): boolean =>
  matchers.every((matcher) => matcher.matches(labels.get(matcher.name)));
