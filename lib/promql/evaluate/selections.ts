import { type Group, type Grouping, groupOf } from "#lib/promql/evaluate/aggregations.ts";
import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { Heap, largestFirst, smallestFirst } from "#lib/promql/evaluate/heap.ts";
import { emptySeries, type StepSeries } from "#lib/promql/evaluate/steps.ts";
import { formatPlain } from "#lib/promql/functions/numbers.ts";
import { executionError } from "#lib/promql/query/error.ts";
import { isLabelName } from "#lib/promql/series/labels.ts";

const MAX_INT64 = 2 ** 63;

/** How many are asked for. @throws QueryError execution */
function countOf(value: number): number {
  if (!(value >= -MAX_INT64 && value < MAX_INT64))
    throw executionError(`Scalar value ${Number.isNaN(value) ? "NaN" : value} overflows int64`);
  return Math.trunc(value);
}

/** The indexes of the members with the largest (topk) or smallest values at a step, in the order in which they are listed. */
function selectAt(members: StepSeries[], step: number, count: number, isTop: boolean): number[] {
  const before = isTop ? smallestFirst : largestFirst;
  const heap = new Heap(before);
  for (const [index, { values, present }] of members.entries()) {
    if (!present[step]) continue;
    const item = { value: values[step] as number, index };
    const [first] = heap.items;
    if (heap.items.length < count) heap.push(item);
    else if (first && (Number.isNaN(first.value) || before(first.value, item.value))) {
      if (count === 1) heap.items[0] = item;
      else {
        heap.pop();
        heap.push(item);
      }
    }
  }
  return heap.sorted().map(({ index }) => index);
}

/** topk and bottomk: the series themselves, at the steps where they are among the first of their group. */
export async function selectRanked(
  groups: Group[],
  counts: Float64Array,
  { isTop, budget }: { isTop: boolean; budget: QueryBudget },
): Promise<StepSeries[]> {
  const wanted = Array.from(counts, countOf);
  const results: StepSeries[] = [];
  for (const { members } of groups) {
    // In the order of the first step's ranks: an instant query has no other.
    const selected = new Map<number, StepSeries>();
    for (const [step, count] of wanted.entries()) {
      await budget.pause();
      if (count < 1) continue;
      for (const index of selectAt(members, step, count, isTop)) {
        const member = members[index] as StepSeries;
        let result = selected.get(index);
        if (!result) {
          budget.take(wanted.length);
          result = emptySeries(member.labels, wanted.length);
          selected.set(index, result);
        }
        result.values[step] = member.values[step] as number;
        result.present[step] = 1;
      }
    }
    results.push(...selected.values());
  }
  return results;
}

/** count_values: how many series have each value, which becomes a label. @throws QueryError execution */
export async function countValues(
  series: StepSeries[],
  label: string,
  grouping: Grouping,
  { count, budget }: { count: number; budget: QueryBudget },
): Promise<StepSeries[]> {
  if (!isLabelName(label)) throw executionError(`invalid label name ${JSON.stringify(label)}`);
  const labels = grouping.without ? grouping.labels : [...grouping.labels, label];
  const results = new Map<string, StepSeries>();
  for (const member of series) {
    await budget.pause();
    const byValue = new Map<number, StepSeries>();
    for (let step = 0; step < count; step++) {
      if (!member.present[step]) continue;
      const value = member.values[step] as number;
      let result = byValue.get(value);
      if (!result) {
        const group = groupOf(member.labels.with(label, formatPlain(value)), { ...grouping, labels });
        result = results.get(group.key);
        if (!result) {
          budget.take(count);
          result = emptySeries(group, count);
          results.set(group.key, result);
        }
        byValue.set(value, result);
      }
      result.values[step] = (result.values[step] as number) + 1;
      result.present[step] = 1;
    }
  }
  return [...results.values()];
}
