import type { SyntaxNode } from "@lezer/common";
import { parseError, type QueryError, type Span } from "#lib/promql/query/error.ts";
import { METRIC_NAME } from "#lib/promql/series/labels.ts";
import { Matcher, type MatchOperator } from "#lib/promql/series/matcher.ts";
import {
  type Aggregate,
  type AtModifier,
  type Binary,
  type BinaryOperator,
  type Expression,
  isSetOperator,
  type Matching,
  type MatrixSelector,
  type NumberLiteral,
  type Subquery,
  type VectorSelector,
} from "#lib/promql/syntax/expression.ts";
import { readDuration, readNumber, readString } from "#lib/promql/syntax/literals.ts";
import { childAfter, childOf, expressionsOf } from "#lib/promql/syntax/nodes.ts";
import { assemble, type Item, levelOf, POSTFIX } from "#lib/promql/syntax/precedence.ts";

/** How deep an expression may be nested: what walks it must not overflow the stack. */
const MAX_DEPTH = 800;

/**
 * Turns the tree of the official grammar into expressions; what that grammar lets pass and Prometheus does not is refused. The grammar is made for
 * editors: it lets an offset, an `@` or a range take all that stands before it (`a + b offset 5m`), and the sign of a number bind tighter than a power. So
 * operators are read off its tree in the order of the text and put together by the precedences of Prometheus' parser.
 */
export class TreeReader {
  readonly #text: string;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #error(span: Span, reason: string): QueryError {
    return parseError(this.#text, { from: span.from, to: span.to }, reason);
  }

  #textOf({ from, to }: Span): string {
    return this.#text.slice(from, to);
  }

  /** @throws QueryError bad_data */
  read(node: SyntaxNode): Expression {
    const items: Item[] = [];
    this.#flatten(node, items);
    return assemble(items, {
      operand: (operand) => this.#operand(operand),
      number: (literal) => this.#unsigned(literal),
      binary: (left, operator, right) => this.#binary(left, operator, right),
      postfix: (inner, modifier) => this.#modify(inner, modifier),
    });
  }

  /** What an expression without its parentheses is made of, in the order of the text. */
  #flatten(node: SyntaxNode, items: Item[]): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#error(node, `expression nested deeper than ${MAX_DEPTH} levels`);
    const parts = expressionsOf(node) as [SyntaxNode, SyntaxNode];
    if (node.name === "BinaryExpr") {
      this.#flatten(parts[0], items);
      items.push({ kind: "binary", node, level: levelOf(this.#operatorOf(node)) });
      this.#flatten(parts[1], items);
    } else if (node.name === "UnaryExpr") {
      items.push({ kind: "prefix", from: node.from, negative: this.#text[node.from] === "-" });
      this.#flatten(parts[0], items);
    } else if (POSTFIX.includes(node.name)) {
      this.#flatten(parts[0], items);
      items.push({ kind: "postfix", node });
    } else if (node.name === "NumberLiteral") {
      const sign = this.#text[node.from] as string;
      if (sign === "-" || sign === "+") items.push({ kind: "prefix", from: node.from, negative: sign === "-" });
      items.push({ kind: "number", node });
    } else items.push({ kind: "operand", node });
    this.#depth -= 1;
  }

  #operand(node: SyntaxNode): Expression {
    const span = { from: node.from, to: node.to };
    switch (node.name) {
      case "StringLiteral":
        return { kind: "string", text: this.#string(node), span };
      case "VectorSelector":
        return this.#selector(node);
      case "ParenExpr":
        return { kind: "parentheses", inner: this.#within(expressionsOf(node)[0] as SyntaxNode), span };
      case "FunctionCall":
        return { kind: "call", name: this.#textOf(childOf(node, "FunctionIdentifier")), args: this.#args(node), span };
      case "AggregateExpr":
        return this.#aggregate(node);
      default:
        throw this.#error(node, `unexpected ${JSON.stringify(this.#textOf(node))}`);
    }
  }

  #within(node: SyntaxNode): Expression {
    this.#depth += 1;
    const expression = this.read(node);
    this.#depth -= 1;
    return expression;
  }

  #unsigned(node: SyntaxNode): NumberLiteral {
    const span = { from: node.from, to: node.to };
    return { kind: "number", value: this.#number(node, this.#textOf(node).replace(/^[+-]/, "")), span };
  }

  #args(node: SyntaxNode): Expression[] {
    return expressionsOf(childOf(node, "FunctionCallBody")).map((child) => this.#within(child));
  }

  #number(node: SyntaxNode, text = this.#textOf(node)): number {
    const value = readNumber(text.replace(/\s/g, ""));
    if (value === undefined) throw this.#error(node, `error parsing number: ${JSON.stringify(text)} is out of range`);
    return value;
  }

  #string(node: SyntaxNode): string {
    try {
      return readString(this.#textOf(node));
    } catch (error) {
      throw this.#error(node, (error as Error).message);
    }
  }

  #duration(node: SyntaxNode): number {
    const text = this.#textOf(node);
    const ms = readDuration(text);
    if (ms === undefined) throw this.#error(node, `not a valid duration string: ${JSON.stringify(text)}`);
    if (ms === 0) throw this.#error(node, "duration must be greater than 0");
    return ms;
  }

  #selector(node: SyntaxNode): VectorSelector {
    const identifier = node.getChild("Identifier");
    const name = identifier ? this.#textOf(identifier) : "";
    const matchers = (node.getChild("LabelMatchers")?.getChildren("LabelMatcher") ?? []).map((m) => this.#matcher(m));
    if (name !== "") {
      const twice = matchers.find((matcher) => matcher.name === METRIC_NAME);
      if (twice) throw this.#error(node, `metric name must not be set twice: "${name}" or "${twice.value}"`);
      matchers.push(new Matcher(METRIC_NAME, "=", name));
    } else if (matchers.every((matcher) => matcher.matches("")))
      throw this.#error(node, "vector selector must contain at least one non-empty matcher");
    return { kind: "selector", name, matchers, offsetMs: 0, at: undefined, span: { from: node.from, to: node.to } };
  }

  #matcher(node: SyntaxNode): Matcher {
    const value = this.#string(childOf(node, "StringLiteral"));
    try {
      const operator = this.#textOf(childOf(node, "MatchOp")) as MatchOperator;
      return new Matcher(this.#textOf(childOf(node, "LabelName")), operator, value);
    } catch (error) {
      throw this.#error(node, `error parsing regexp: ${(error as Error).message}`);
    }
  }

  #modify(inner: Expression, node: SyntaxNode): Expression {
    if (node.name === "MatrixSelector") return this.#range(inner, node);
    if (node.name === "SubqueryExpr") return this.#subquery(inner, node);
    return node.name === "OffsetExpr" ? this.#offset(inner, node) : this.#at(inner, node);
  }

  #range(selector: Expression, node: SyntaxNode): MatrixSelector {
    const duration = childOf(node, "Duration");
    const bracket = { from: this.#text.lastIndexOf("[", duration.from), to: node.to };
    if (selector.kind !== "selector") throw this.#error(bracket, "ranges only allowed for vector selectors");
    if (selector.offsetMs !== 0) throw this.#error(bracket, "no offset modifiers allowed before range");
    if (selector.at !== undefined) throw this.#error(bracket, "no @ modifiers allowed before range");
    return {
      kind: "range",
      selector,
      rangeMs: this.#duration(duration),
      span: { from: selector.span.from, to: node.to },
    };
  }

  #subquery(inner: Expression, node: SyntaxNode): Subquery {
    const [range, step] = node.getChildren("Duration") as [SyntaxNode, SyntaxNode | undefined];
    const times = { rangeMs: this.#duration(range), stepMs: step ? this.#duration(step) : undefined };
    const span = { from: inner.span.from, to: node.to };
    return { kind: "subquery", inner, ...times, offsetMs: 0, at: undefined, span };
  }

  /** What an offset or an `@` behind an expression changes. */
  #timed(inner: Expression, modifier: string): VectorSelector | Subquery {
    if (inner.kind === "range") return inner.selector;
    if (inner.kind === "selector" || inner.kind === "subquery") return inner;
    const what = "must be preceded by an instant vector selector or range vector selector or a subquery";
    throw this.#error(inner.span, `${modifier} modifier ${what}`);
  }

  #offset(inner: Expression, node: SyntaxNode): Expression {
    const timing = this.#timed(inner, "offset");
    const ms = this.#duration(childOf(node, "Duration"));
    if (timing.offsetMs !== 0) throw this.#error(inner.span, "offset may not be set multiple times");
    timing.offsetMs = node.getChild("Sub") ? -ms : ms;
    return inner;
  }

  #at(inner: Expression, node: SyntaxNode): Expression {
    const timing = this.#timed(inner, "@");
    if (timing.at !== undefined) throw this.#error(inner.span, "@ <timestamp> may not be set multiple times");
    timing.at = this.#instant(inner, node);
    return inner;
  }

  #instant(inner: Expression, node: SyntaxNode): AtModifier {
    const preprocessor = node.getChild("AtModifierPreprocessors");
    if (preprocessor) return preprocessor.getChild("Start") ? "start" : "end";
    const literal = node.getChildren("NumberLiteral").at(-1) as SyntaxNode;
    const seconds = this.#number(literal);
    if (!Number.isFinite(seconds) || Math.abs(seconds) >= 2 ** 63)
      throw this.#error(inner.span, `timestamp out of bounds for @ modifier: ${this.#textOf(literal)}`);
    return Math.round(seconds * 1000);
  }

  #labels(node: SyntaxNode | null): string[] {
    return (node?.getChildren("LabelName") ?? []).map((label) => this.#textOf(label));
  }

  #aggregate(node: SyntaxNode): Aggregate {
    const modifier = node.getChild("AggregateModifier");
    const operator = this.#textOf(childOf(node, "AggregateOp")).toLowerCase();
    const args = this.#args(node);
    const wanted = ["topk", "bottomk", "quantile", "count_values"].includes(operator) ? 2 : 1;
    if (args.length === 0) throw this.#error(node, "no arguments for aggregate expression provided");
    if (args.length !== wanted) {
      const what = "wrong number of arguments for aggregate expression provided";
      throw this.#error(node, `${what}, expected ${wanted}, got ${args.length}`);
    }
    return {
      kind: "aggregate",
      operator,
      inner: args.at(-1) as Expression,
      parameter: wanted === 2 ? args[0] : undefined,
      grouping: this.#labels(modifier?.getChild("GroupingLabels") ?? null),
      without: Boolean(modifier?.getChild("Without")),
      span: { from: node.from, to: node.to },
    };
  }

  #operatorOf(node: SyntaxNode): BinaryOperator {
    return this.#textOf(childAfter(expressionsOf(node)[0] as SyntaxNode)).toLowerCase() as BinaryOperator;
  }

  #binary(left: Expression, node: SyntaxNode, right: Expression): Binary {
    const operator = this.#operatorOf(node);
    const matching = this.#matching(node.getChild("MatchingModifierClause"), operator);
    const span = { from: left.span.from, to: right.span.to };
    return { kind: "binary", operator, left, right, bool: node.getChild("BoolModifier") !== null, matching, span };
  }

  #matching(clause: SyntaxNode | null, operator: BinaryOperator): Matching {
    const [labels = null, include = null] = clause?.getChildren("GroupingLabels") ?? [];
    const grouped = clause?.getChild("GroupLeft") ? "many-to-one" : "one-to-many";
    const isGrouped = Boolean(clause?.getChild("GroupLeft") ?? clause?.getChild("GroupRight"));
    return {
      card: isGrouped ? grouped : isSetOperator(operator) ? "many-to-many" : "one-to-one",
      on: Boolean(clause?.getChild("On")),
      labels: this.#labels(labels),
      include: this.#labels(include),
    };
  }
}
