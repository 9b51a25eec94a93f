import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { LOOKBACK_MS } from "#lib/promql/query/limits.ts";
import type { SeriesReader, SeriesSamples } from "#lib/promql/series/reader.ts";
import { type AtModifier, type Expression, partsOf, type VectorSelector } from "#lib/promql/syntax/expression.ts";

/** The first and the last instant of a query, ms since the epoch. */
export type Period = { fromMs: number; toMs: number };

/** The instant that an `@` names. */
export function instantOfAt(at: AtModifier, query: Period): number {
  if (at === "start") return query.fromMs;
  return at === "end" ? query.toMs : at;
}

type Need = Period & { selector: VectorSelector };

/** The samples that each selector of an expression looks at, at any of the instants of a query. */
function needsOf(expression: Expression, query: Period): Need[] {
  const needs: Need[] = [];
  const back = (period: Period, { at, offsetMs }: { at: AtModifier | undefined; offsetMs: number }, byMs: number) => {
    const instant = at === undefined ? undefined : instantOfAt(at, query);
    const [fromMs, toMs] = [instant ?? period.fromMs, instant ?? period.toMs];
    return { fromMs: fromMs - offsetMs - byMs, toMs: toMs - offsetMs };
  };
  function visit(node: Expression, period: Period): void {
    if (node.kind === "selector") needs.push({ selector: node, ...back(period, node, LOOKBACK_MS) });
    else if (node.kind === "range")
      needs.push({ selector: node.selector, ...back(period, node.selector, node.rangeMs) });
    else if (node.kind === "subquery") visit(node.inner, back(period, node, node.rangeMs));
    else for (const part of partsOf(node)) visit(part, period);
  }
  visit(expression, query);
  return needs;
}

const keyOf = ({ matchers }: VectorSelector): string => matchers.map(String).sort().join();

/** Periods that touch as one, oldest first. */
function unite(periods: Period[]): Period[] {
  const united: Period[] = [];
  for (const period of periods.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = united.at(-1);
    if (last && period.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, period.toMs);
    else united.push({ ...period });
  }
  return united;
}

export type SelectedSeries = Map<VectorSelector, SeriesSamples[]>;

/** Reads what an expression looks at, each selector once for the whole query, and the same selector only once. */
export async function selectAll(
  expression: Expression,
  query: Period,
  reader: SeriesReader,
  budget: QueryBudget,
): Promise<SelectedSeries> {
  const groups = Map.groupBy(needsOf(expression, query), ({ selector }) => keyOf(selector));
  const selected: SelectedSeries = new Map();
  // One after another: a query takes one connection to the database, whatever it asks for.
  for (const needs of groups.values()) {
    const { matchers } = (needs[0] as Need).selector;
    for (const { fromMs, toMs } of unite(needs)) {
      budget.assertRunning();
      const series = await reader.select(matchers, fromMs, toMs);
      budget.take(series.reduce((sum, { times }) => sum + times.length, 0));
      for (const need of needs) if (need.fromMs >= fromMs && need.toMs <= toMs) selected.set(need.selector, series);
    }
  }
  return selected;
}
