import { DomainError } from "#lib/errors.ts";
import { readString } from "#lib/promql/syntax/literals.ts";

// The part of Go's templates that Prometheus' rules use, as a tree: text, values, pipelines of functions, and `if`. There are no loops and no
// variables of one's own, so that what a template costs is bounded by its length.

/** Something that has a value. `path` is of the labels: `$labels.instance`. */
export type Operand =
  | { kind: "literal"; value: string | number | bigint | boolean }
  | { kind: "labels" }
  | { kind: "label"; name: string }
  | { kind: "value" }
  | { kind: "call"; name: string }
  | { kind: "pipeline"; pipeline: Pipeline };

/** Operands of a command: a function and its arguments, or a single value. */
export type Command = Operand[];
export type Pipeline = Command[];

export type TemplateNode =
  | { kind: "text"; text: string }
  | { kind: "output"; pipeline: Pipeline }
  | { kind: "if"; branches: { when: Pipeline | null; nodes: TemplateNode[] }[] };

/** What is wrong with a template. */
export const templateError = (message: string): DomainError => new DomainError("validation", message);

const MOST_LENGTH = 4_000;
const MOST_DEPTH = 20;

/** Words of Go's templates that this does not know. */
const UNSUPPORTED = /^(range|with|template|define|block|break|continue)$/;

type Token = { kind: "word" | "variable" | "field" | "string" | "number" | "sign"; text: string };

const TOKENS: [Token["kind"], RegExp][] = [
  ["string", /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'/y],
  ["variable", /\$[A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*/y],
  ["field", /\.[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*|\.(?![0-9])/y],
  ["number", /[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y],
  ["word", /[A-Za-z_][A-Za-z_0-9]*/y],
  ["sign", /[()|,]|:?=/y],
];

/** The tokens of an action from `at` to its closing braces, and where these end. */
function readAction(text: string, start: number): { tokens: Token[]; end: number; trims: boolean } {
  const tokens: Token[] = [];
  let at = start;
  for (;;) {
    const space = /\s*/y;
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    if (text.startsWith("}}", at)) return { tokens, end: at + 2, trims: false };
    if (text.startsWith("-}}", at) && /\s/.test(text[at - 1] ?? "")) return { tokens, end: at + 3, trims: true };
    const token = readToken(text, at);
    if (!token)
      throw templateError(at >= text.length ? "{{ is never closed by }}" : `${excerpt(text, at)} is not expected`);
    tokens.push(token);
    at += token.text.length;
  }
}

const excerpt = (text: string, at: number): string => JSON.stringify(text.slice(at, at + 20));

function readToken(text: string, at: number): Token | undefined {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found) return { kind, text: found };
  }
  return undefined;
}

function unquote(token: string): string {
  if (token.startsWith("'")) throw templateError(`${token} is a character: write it as "${token.slice(1, -1)}"`);
  try {
    return readString(token);
  } catch (error) {
    throw templateError(`${token}: ${(error as Error).message}`);
  }
}

const numberOf = (text: string): number | bigint =>
  /^[+-]?[0-9]+$/.test(text) ? BigInt(text.replace("+", "")) : Number(text);

/** `$labels.instance`, `.Labels.instance`, `$value`, `.Value`. */
function variableOf(text: string): Operand {
  const [root = "", field, ...more] = text
    .replace(/^\$?\.(Labels|Value)/, (_, name: string) => `$${name.toLowerCase()}`)
    .split(".");
  if (root === "$labels" && field === undefined) return { kind: "labels" };
  if (root === "$labels" && field !== undefined && more.length === 0) return { kind: "label", name: field };
  if (root === "$value" && field === undefined) return { kind: "value" };
  throw templateError(`${text} is not supported: write $labels or $value`);
}

class ActionParser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  whole(): Pipeline {
    const pipeline = this.#pipeline(0);
    if (this.#next) throw templateError(`${this.#next.text} is not expected`);
    return pipeline;
  }

  #pipeline(depth: number): Pipeline {
    if (depth > MOST_DEPTH) throw templateError("It is nested too deeply");
    const commands: Pipeline = [];
    do {
      const command: Command = [];
      while (this.#next && !/^[)|]$/.test(this.#next.text)) command.push(this.#operand(depth));
      if (command.length === 0) throw templateError("A value is missing");
      if (command.length > 1 && command[0]?.kind !== "call") throw templateError("Only a function takes arguments");
      if (commands.length > 0 && command[0]?.kind !== "call") throw templateError("Only a function follows |");
      commands.push(command);
    } while (this.#accept("|"));
    return commands;
  }

  #accept(sign: string): boolean {
    if (this.#next?.kind !== "sign" || this.#next.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #operand(depth: number): Operand {
    const { kind, text } = this.#tokens[this.#at++] as Token;
    if (kind === "string") return { kind: "literal", value: unquote(text) };
    if (kind === "number") return { kind: "literal", value: numberOf(text) };
    if (kind === "variable" || kind === "field") return variableOf(text);
    if (kind === "word")
      return /^(true|false)$/.test(text) ? { kind: "literal", value: text === "true" } : { kind: "call", name: text };
    if (text !== "(")
      throw templateError(/=$/.test(text) ? "Variables of one's own are not supported" : `${text} is not expected`);
    const pipeline = this.#pipeline(depth + 1);
    if (!this.#accept(")")) throw templateError("( is never closed");
    return { kind: "pipeline", pipeline };
  }
}

type Branches = Extract<TemplateNode, { kind: "if" }>["branches"];

/** Puts nodes where they belong while a template is read from its beginning. */
class Builder {
  readonly #root: TemplateNode[] = [];
  readonly #open: Branches[] = [];

  add(node: TemplateNode): void {
    (this.#open.at(-1)?.at(-1)?.nodes ?? this.#root).push(node);
  }

  /** @throws DomainError validation */
  act([first, ...rest]: Token[]): void {
    if (!first) throw templateError("{{ }} has no value");
    const word = first.kind === "word" ? first.text : "";
    if (UNSUPPORTED.test(word)) throw templateError(`${word} is not supported in templates`);
    if (word === "if") this.#begin(rest);
    else if (word === "else") this.#otherwise(rest);
    else if (word === "end") this.#close(rest);
    else this.add({ kind: "output", pipeline: new ActionParser([first, ...rest]).whole() });
  }

  #begin(tokens: Token[]): void {
    const branches: Branches = [{ when: new ActionParser(tokens).whole(), nodes: [] }];
    if (this.#open.length >= MOST_DEPTH) throw templateError("It is nested too deeply");
    this.add({ kind: "if", branches });
    this.#open.push(branches);
  }

  #otherwise([first, ...rest]: Token[]): void {
    const branches = this.#open.at(-1);
    if (!branches || branches.at(-1)?.when === null) throw templateError("{{ else }} without {{ if }}");
    if (first && first.text !== "if") throw templateError(`${first.text} is not expected`);
    branches.push({ when: first ? new ActionParser(rest).whole() : null, nodes: [] });
  }

  #close(rest: Token[]): void {
    if (rest.length > 0 || !this.#open.pop()) throw templateError("{{ end }} without {{ if }}");
  }

  done(): TemplateNode[] {
    if (this.#open.length > 0) throw templateError("{{ if }} without {{ end }}");
    return this.#root;
  }
}

/** Reads a template. @throws DomainError validation, naming what is not supported */
export function parseTemplate(text: string): TemplateNode[] {
  if (text.length > MOST_LENGTH) throw templateError(`A template has at most ${MOST_LENGTH} characters`);
  const builder = new Builder();
  let at = 0;
  for (let trims = false; ; ) {
    const open = text.indexOf("{{", at);
    const trimsBefore = open >= 0 && /^\{\{-\s/.test(text.slice(open, open + 4));
    let between = text.slice(at, open < 0 ? undefined : open);
    if (trims) between = between.trimStart();
    if (trimsBefore) between = between.trimEnd();
    if (between) builder.add({ kind: "text", text: between });
    if (open < 0) return builder.done();
    const start = open + (trimsBefore ? 3 : 2);
    const [comment] = /^\s*\/\*[\s\S]*?\*\/(?:\s+-)?\}\}/.exec(text.slice(start)) ?? [];
    const action = comment
      ? { tokens: null, end: start + comment.length, trims: comment.endsWith("-}}") }
      : readAction(text, start);
    if (action.tokens) builder.act(action.tokens);
    [at, trims] = [action.end, action.trims];
  }
}
