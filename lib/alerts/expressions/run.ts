import type { CompiledRule } from "#lib/alerts/expressions/compile.ts";
import { type Element, elementsOf } from "#lib/alerts/expressions/elements.ts";
import { queryInstant } from "#lib/promql/engine.ts";
import type { Limits } from "#lib/promql/evaluate/budget.ts";
import { LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesReader } from "#lib/promql/series/reader.ts";
import { type Expression, partsOf } from "#lib/promql/syntax/expression.ts";

/** What an expression gave; `read` says whether there were any samples to judge, which is so of one that reads none. */
export type Outcome = { elements: Element[]; read: boolean };

const readsSeries = (expression: Expression): boolean =>
  expression.kind === "selector" || partsOf(expression).some(readsSeries);

/** The elements of a rule's expression at an instant (ms). @throws QueryError */
export async function runExpression(
  reader: SeriesReader,
  rule: CompiledRule,
  atMs: number,
  limits: Limits,
): Promise<Outcome> {
  let read = !readsSeries(rule.expression);
  const noticing: SeriesReader = {
    async select(...what) {
      const series = await reader.select(...what);
      read ||= series.length > 0;
      return series;
    },
  };
  const result = await queryInstant(noticing, rule.expression, atMs, limits);
  if (result.type === "scalar")
    return { elements: elementsOf(rule, [{ labels: LabelSet.EMPTY, value: result.value }]), read };
  return { elements: result.type === "vector" ? elementsOf(rule, result.samples) : [], read };
}
