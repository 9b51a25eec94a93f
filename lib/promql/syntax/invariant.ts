import { type Expression, partsOf } from "#lib/promql/syntax/expression.ts";

/** Functions of the instant of evaluation: also of what does not change they give something else at each step. */
const OF_THE_INSTANT = new Set(
  "days_in_month day_of_month day_of_week day_of_year hour minute month year predict_linear time timestamp".split(" "),
);

/** Whether an expression gives the same at each step, since all that it selects is at a fixed instant (`@`). */
export function isInvariant(expression: Expression): boolean {
  switch (expression.kind) {
    case "selector":
    case "subquery":
      return expression.at !== undefined;
    case "call":
      return !OF_THE_INSTANT.has(expression.name) && expression.args.every(isInvariant);
    default:
      return partsOf(expression).every(isInvariant);
  }
}
