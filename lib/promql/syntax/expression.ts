import type { Span } from "#lib/promql/query/error.ts";
import type { Matcher } from "#lib/promql/series/matcher.ts";

/** What an expression gives: as in Prometheus, `vector` is an instant vector and `matrix` a range vector. */
export type ValueType = "scalar" | "string" | "vector" | "matrix";

/** The instant of an `@`: ms since the epoch, or the start or end of the query. */
export type AtModifier = number | "start" | "end";

/** When a selector or a subquery looks: `offset` (ms, 0 without) back from the instant of evaluation, or from that of its `@`. */
type Timing = { offsetMs: number; at: AtModifier | undefined };

export type NumberLiteral = { kind: "number"; value: number; span: Span };
type StringLiteral = { kind: "string"; text: string; span: Span };
export type VectorSelector = Timing & { kind: "selector"; name: string; matchers: Matcher[]; span: Span };
export type MatrixSelector = { kind: "range"; selector: VectorSelector; rangeMs: number; span: Span };
/** `stepMs` is undefined where the query leaves it to the default. */
export type Subquery = Timing & {
  kind: "subquery";
  inner: Expression;
  rangeMs: number;
  stepMs: number | undefined;
  span: Span;
};
export type Call = { kind: "call"; name: string; args: Expression[]; span: Span };
export type Aggregate = {
  kind: "aggregate";
  operator: string;
  inner: Expression;
  parameter: Expression | undefined;
  grouping: string[];
  without: boolean;
  span: Span;
};

/** How the series of two vectors are matched; `card` says on which side several may share a match. */
export type Matching = {
  card: "one-to-one" | "many-to-one" | "one-to-many" | "many-to-many";
  on: boolean;
  labels: string[];
  include: string[];
};
export type Binary = {
  kind: "binary";
  operator: BinaryOperator;
  left: Expression;
  right: Expression;
  bool: boolean;
  matching: Matching;
  span: Span;
};
export type Unary = { kind: "unary"; negative: boolean; inner: Expression; span: Span };
type Parentheses = { kind: "parentheses"; inner: Expression; span: Span };

export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Parentheses;

const COMPARISONS = ["==", "!=", ">", "<", ">=", "<="] as const;
const SET_OPERATORS = ["and", "or", "unless"] as const;
const ARITHMETIC = ["+", "-", "*", "/", "%", "^", "atan2"] as const;
export type Comparison = (typeof COMPARISONS)[number];
export type SetOperator = (typeof SET_OPERATORS)[number];
export type BinaryOperator = Comparison | SetOperator | (typeof ARITHMETIC)[number];

/** Whether an operator compares. */
export const isComparison = (operator: BinaryOperator): operator is Comparison =>
  (COMPARISONS as readonly string[]).includes(operator);
/** Whether an operator works on sets of series. */
export const isSetOperator = (operator: BinaryOperator): operator is SetOperator =>
  (SET_OPERATORS as readonly string[]).includes(operator);

/** An expression without the parentheses around it. */
export function unwrap(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === "parentheses") inner = inner.inner;
  return inner;
}

/** The expressions that an expression is made of, one level down. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "range":
      return [expression.selector];
    case "subquery":
    case "unary":
    case "parentheses":
      return [expression.inner];
    case "call":
      return expression.args;
    case "aggregate":
      return expression.parameter ? [expression.parameter, expression.inner] : [expression.inner];
    case "binary":
      return [expression.left, expression.right];
    default:
      return [];
  }
}
