import type { SyntaxNode } from "@lezer/common";
import {
  type BinaryOperator,
  type Expression,
  isComparison,
  type NumberLiteral,
} from "#lib/promql/syntax/expression.ts";

/** The nodes of modifiers that stand behind what they change. */
export const POSTFIX = ["OffsetExpr", "StepInvariantExpr", "MatrixSelector", "SubqueryExpr"];

/** A part of an expression, in the order of the text. A number comes without its sign. */
export type Item =
  | { kind: "operand" | "number" | "postfix"; node: SyntaxNode }
  | { kind: "prefix"; from: number; negative: boolean }
  | { kind: "binary"; node: SyntaxNode; level: number };

const POWER = 6;

/** How tightly an operator binds, from 1. */
export function levelOf(operator: BinaryOperator): number {
  if (operator === "or") return 1;
  if (operator === "and" || operator === "unless") return 2;
  if (isComparison(operator)) return 3;
  if (operator === "+" || operator === "-") return 4;
  return operator === "^" ? POWER : 5;
}

type Builders = {
  operand: (node: SyntaxNode) => Expression;
  number: (node: SyntaxNode) => NumberLiteral;
  binary: (left: Expression, operator: SyntaxNode, right: Expression) => Expression;
  postfix: (inner: Expression, modifier: SyntaxNode) => Expression;
};

/**
 * Puts the parts of an expression together: modifiers bind tightest, then powers from the right, then signs, then the other operators from the
 * left by their levels.
 */
export function assemble(items: Item[], build: Builders): Expression {
  let next = 0;

  function signed(from: number, negative: boolean): Expression {
    const inner = expression(POWER);
    const span = { from, to: inner.span.to };
    if (inner.kind !== "number") return { kind: "unary", negative, inner, span };
    return { ...inner, value: negative ? -inner.value : inner.value, span };
  }

  function operand(): Expression {
    const item = items[next++] as Item;
    if (item.kind === "prefix") return signed(item.from, item.negative);
    let inner: Expression = item.kind === "number" ? build.number(item.node) : build.operand(item.node);
    for (let item = items[next]; item?.kind === "postfix"; item = items[++next])
      inner = build.postfix(inner, item.node);
    return inner;
  }

  function expression(least: number): Expression {
    let left = operand();
    for (let item = items[next]; item?.kind === "binary" && item.level >= least; item = items[next]) {
      next += 1;
      left = build.binary(left, item.node, expression(item.level === POWER ? POWER : item.level + 1));
    }
    return left;
  }

  return expression(1);
}
