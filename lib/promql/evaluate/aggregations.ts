import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { emptySeries, type StepSeries } from "#lib/promql/evaluate/steps.ts";
import { quantileOf, staysInfinite } from "#lib/promql/functions/numbers.ts";
import { type LabelSet, METRIC_NAME } from "#lib/promql/series/labels.ts";

/** How series are grouped: by labels, or by all but some and the metric's name. */
export type Grouping = { labels: readonly string[]; without: boolean };

export type Group = { labels: LabelSet; members: StepSeries[] };

/** The labels of the group that a series belongs to. */
export const groupOf = (labels: LabelSet, { labels: names, without }: Grouping): LabelSet =>
  without ? labels.without([...names, METRIC_NAME]) : labels.only(names);

/** Series by the labels of their groups, in the order of their first members. */
export function groupSeries(series: StepSeries[], grouping: Grouping): Group[] {
  const groups = new Map<string, Group>();
  for (const member of series) {
    const labels = groupOf(member.labels, grouping);
    const group = groups.get(labels.key);
    if (group) group.members.push(member);
    else groups.set(labels.key, { labels, members: [member] });
  }
  return [...groups.values()];
}

/** Takes a group's values of one member after another; `out` holds the result at each step, `counts` how many there were. */
type Fold = {
  first: (value: number) => number;
  next: (
    running: { out: Float64Array; counts: Float64Array; means: Float64Array },
    step: number,
    value: number,
  ) => void;
  last?: (value: number, count: number) => number;
};

const keep = (value: number) => value;

const VARIANCE: Fold = {
  first: () => 0,
  next: ({ out, counts, means }, step, value) => {
    const delta = value - (means[step] as number);
    means[step] = (means[step] as number) + delta / (counts[step] as number);
    out[step] = (out[step] as number) + delta * (value - (means[step] as number));
  },
  last: (value, count) => value / count,
};

const FOLDS: Record<string, Fold> = {
  sum: {
    first: keep,
    next: ({ out }, step, value) => {
      out[step] = (out[step] as number) + value;
    },
  },
  avg: {
    first: keep,
    next: ({ out, counts }, step, value) => {
      const [mean, count] = [out[step] as number, counts[step] as number];
      if (!staysInfinite(mean, value)) out[step] = mean + (value / count - mean / count);
    },
  },
  min: {
    first: keep,
    next: ({ out }, step, value) => {
      if ((out[step] as number) > value || Number.isNaN(out[step])) out[step] = value;
    },
  },
  max: {
    first: keep,
    next: ({ out }, step, value) => {
      if ((out[step] as number) < value || Number.isNaN(out[step])) out[step] = value;
    },
  },
  count: { first: keep, next: () => undefined, last: (_, count) => count },
  group: { first: () => 1, next: () => undefined },
  stdvar: VARIANCE,
  stddev: { ...VARIANCE, last: (value, count) => Math.sqrt(value / count) },
};

async function foldGroup(
  { labels, members }: Group,
  { first, next, last }: Fold,
  count: number,
  budget: QueryBudget,
): Promise<StepSeries> {
  const result = emptySeries(labels, count);
  const running = { out: result.values, counts: new Float64Array(count), means: new Float64Array(count) };
  for (const { values, present } of members) {
    await budget.pause();
    for (let step = 0; step < count; step++) {
      if (!present[step]) continue;
      const value = values[step] as number;
      running.counts[step] = (running.counts[step] as number) + 1;
      if (result.present[step]) next(running, step, value);
      else {
        result.present[step] = 1;
        running.means[step] = value;
        result.values[step] = first(value);
      }
    }
  }
  if (last)
    for (let step = 0; step < count; step++)
      if (result.present[step])
        result.values[step] = last(result.values[step] as number, running.counts[step] as number);
  return result;
}

/** One series a group: sum, avg, min, max, count, group, stddev or stdvar. */
export async function foldGroups(
  operator: string,
  groups: Group[],
  count: number,
  budget: QueryBudget,
): Promise<StepSeries[]> {
  const results: StepSeries[] = [];
  for (const group of groups) {
    budget.take(count);
    results.push(await foldGroup(group, FOLDS[operator] as Fold, count, budget));
  }
  return results;
}

/** The quantile of each group's values at each step. */
export async function quantileGroups(
  groups: Group[],
  quantiles: Float64Array,
  budget: QueryBudget,
): Promise<StepSeries[]> {
  const results: StepSeries[] = [];
  for (const { labels, members } of groups) {
    budget.take(quantiles.length);
    const result = emptySeries(labels, quantiles.length);
    for (let step = 0; step < quantiles.length; step++) {
      await budget.pause();
      const values = members.filter(({ present }) => present[step]).map((member) => member.values[step] as number);
      if (values.length === 0) continue;
      result.values[step] = quantileOf(quantiles[step] as number, Float64Array.from(values));
      result.present[step] = 1;
    }
    results.push(result);
  }
  return results;
}
