import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { COMPUTE, dropsName, type NumberOperator } from "#lib/promql/evaluate/operators.ts";
import { emptySeries, type StepSeries, uniteEqual, type Vector, vectorOf } from "#lib/promql/evaluate/steps.ts";
import { isComparison } from "#lib/promql/syntax/expression.ts";

/** An operator between two scalars, step by step. */
export function betweenScalars(operator: NumberOperator, left: Float64Array, right: Float64Array): Float64Array {
  const compute = COMPUTE[operator];
  return left.map((value, step) => compute(value, right[step] as number));
}

/** An operator between a vector and a scalar. A comparison keeps the values for which it holds, or with `bool` says 1 or 0. */
export async function withScalar(
  operator: NumberOperator,
  { series }: Vector,
  scalar: Float64Array,
  { scalarFirst, bool, budget }: { scalarFirst: boolean; bool: boolean; budget: QueryBudget },
): Promise<Vector> {
  const compute = COMPUTE[operator];
  const filters = isComparison(operator) && !bool;
  const results: StepSeries[] = [];
  for (const { labels, values, present } of series) {
    budget.take(scalar.length);
    await budget.pause();
    const result = emptySeries(dropsName(operator) || bool ? labels.withoutName() : labels, scalar.length);
    for (let step = 0; step < scalar.length; step++) {
      if (!present[step]) continue;
      const [own, other] = [values[step] as number, scalar[step] as number];
      const computed = scalarFirst ? compute(other, own) : compute(own, other);
      if (filters && computed === 0) continue;
      result.values[step] = filters ? own : computed;
      result.present[step] = 1;
    }
    results.push(result);
  }
  return vectorOf(uniteEqual(results, { apart: true }));
}
