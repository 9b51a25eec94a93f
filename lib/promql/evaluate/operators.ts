import { power } from "#lib/promql/functions/numbers.ts";
import type { BinaryOperator, SetOperator } from "#lib/promql/syntax/expression.ts";

/** The operators that compute or compare; a comparison gives 1 or 0. */
export type NumberOperator = Exclude<BinaryOperator, SetOperator>;

export const COMPUTE: Record<NumberOperator, (left: number, right: number) => number> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": power,
  atan2: Math.atan2,
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  ">": (left, right) => Number(left > right),
  "<": (left, right) => Number(left < right),
  ">=": (left, right) => Number(left >= right),
  "<=": (left, right) => Number(left <= right),
};

/** Whether a result is no value of the metric any more. Prometheus 2.42 leaves the name with atan2. */
export const dropsName = (operator: BinaryOperator): boolean => ["+", "-", "*", "/", "%", "^"].includes(operator);
