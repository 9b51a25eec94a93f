import { Template } from "#lib/alerts/templates/template.ts";
import { type ConditionOf, MAX_ELEMENTS, type RuleCondition } from "#lib/contract/alert-conditions.ts";
import { invalidField, isDomainError } from "#lib/errors.ts";
import { typeOf } from "#lib/promql/syntax/check.ts";
import { type Expression, isComparison, isSetOperator, partsOf, unwrap } from "#lib/promql/syntax/expression.ts";
import { parseExpression } from "#lib/promql/syntax/parse.ts";

/** What an expression rule is made of, as it is written. */
export type ExpressionRule = {
  name: string;
  labels: Record<string, string>;
  condition: ConditionOf<"expression">;
};

/** A rule whose expression and templates have been read; `limit` is the most elements that it may give. */
export type CompiledRule = {
  expression: Expression;
  alertName: string;
  labels: [string, Template][];
  annotations: [string, Template][];
  limit: number;
};

/** Whether a rule is an expression. */
export const isExpressionRule = <R extends { condition: RuleCondition }>(
  rule: R,
): rule is R & { condition: ConditionOf<"expression"> } => rule.condition.kind === "expression";

/** Reads something of a rule. @throws DomainError validation, naming the field where it stands */
function readField<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw isDomainError(error) ? invalidField(field, error.message) : error;
  }
}

function readExpression(expr: string): Expression {
  const expression = readField("condition.expr", () => parseExpression(expr));
  const type = typeOf(expression);
  if (type === "vector" || type === "scalar") return expression;
  const what = type === "matrix" ? "a range vector" : "a string";
  throw invalidField("condition.expr", `1:1: it gives ${what}: an alert needs an instant vector or a scalar`);
}

const readTemplates = (texts: Record<string, string>, at: string): [string, Template][] =>
  Object.entries(texts).map(([name, text]) => [name, readField(`${at}.${name}`, () => new Template(text))]);

/** Reads a rule's expression and templates. @throws DomainError validation, naming the field and the place */
export function compileRule({ name, labels, condition }: ExpressionRule): CompiledRule {
  return {
    expression: readExpression(condition.expr),
    alertName: condition.origin?.alert ?? name,
    labels: readTemplates(labels, "labels"),
    annotations: readTemplates(condition.annotations, "condition.annotations"),
    limit: condition.limit || MAX_ELEMENTS,
  };
}

const ABSENT = ["absent", "absent_over_time"];

/** Whether an expression asks what is missing. */
export const asksWhatIsMissing = (expression: Expression): boolean =>
  (expression.kind === "call" && ABSENT.includes(expression.name)) || partsOf(expression).some(asksWhatIsMissing);

/** The number that an operand is; undefined of any other. */
function numberOf(operand: Expression): number | undefined {
  const inner = unwrap(operand);
  if (inner.kind === "number") return inner.value;
  if (inner.kind !== "unary") return undefined;
  const value = numberOf(inner.inner);
  return value === undefined || !inner.negative ? value : -value;
}

/** What of an expression is drawn, and the level that it is compared with: of `load > 4` the load, and 4. `and` and `unless` only pick elements of their left. */
export function chartedPart(expression: Expression): { charted: Expression; level: number | null } {
  let inner = unwrap(expression);
  while (inner.kind === "binary" && isSetOperator(inner.operator) && inner.operator !== "or")
    inner = unwrap(inner.left);
  if (inner.kind !== "binary" || !isComparison(inner.operator) || inner.bool)
    return { charted: expression, level: null };
  const [left, right] = [numberOf(inner.left), numberOf(inner.right)];
  if (right !== undefined && typeOf(inner.left) === "vector") return { charted: inner.left, level: right };
  if (left !== undefined && typeOf(inner.right) === "vector") return { charted: inner.right, level: left };
  return { charted: expression, level: null };
}
