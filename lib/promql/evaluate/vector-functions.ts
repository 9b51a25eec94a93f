import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import {
  constant,
  emptySeries,
  type Grid,
  instantOf,
  type StepSeries,
  uniteEqual,
  type Vector,
  vectorOf,
} from "#lib/promql/evaluate/steps.ts";
import { type Bucket, bucketQuantile } from "#lib/promql/functions/histograms.ts";
import { parseBound } from "#lib/promql/functions/numbers.ts";
import { BUCKET_LABEL, LabelSet, METRIC_NAME } from "#lib/promql/series/labels.ts";
import { type Expression, unwrap, type VectorSelector } from "#lib/promql/syntax/expression.ts";

/** Applies a function of one number and scalars to all values of a vector, whose metric's name goes. */
export async function mapValues(
  { series }: Vector,
  apply: (value: number, ...scalars: number[]) => number | undefined,
  scalars: Float64Array[],
  budget: QueryBudget,
): Promise<Vector> {
  const results: StepSeries[] = [];
  for (const { labels, values, present } of series) {
    budget.take(values.length);
    await budget.pause();
    const result = emptySeries(labels.withoutName(), values.length);
    for (let step = 0; step < values.length; step++) {
      if (!present[step]) continue;
      const value = apply(values[step] as number, ...scalars.map((scalar) => scalar[step] as number));
      if (value === undefined) continue;
      result.values[step] = value;
      result.present[step] = 1;
    }
    results.push(result);
  }
  return vectorOf(uniteEqual(results, { apart: true }));
}

/** Gives series other labels. @throws QueryError where two get the same at one step */
export const relabel = ({ series }: Vector, change: (labels: LabelSet) => LabelSet): Vector =>
  vectorOf(
    uniteEqual(
      series.map((column) => ({ ...column, labels: change(column.labels) })),
      { apart: true },
    ),
  );

/** A vector of one series without labels. */
export const vectorOfScalar = (values: Float64Array): Vector => ({
  type: "vector",
  series: [{ labels: LabelSet.EMPTY, values, present: new Uint8Array(values.length).fill(1) }],
});

/** The value of a vector with a single series; NaN where there is none or more. */
export function scalarOf({ series }: Vector, count: number): Float64Array {
  const result = constant(count, Number.NaN);
  for (let step = 0; step < count; step++) {
    const present = series.filter((column) => column.present[step]);
    if (present.length === 1) result[step] = present[0]?.values[step] as number;
  }
  return result;
}

/** The instants of a grid, in seconds. */
export const secondsOf = (grid: Grid): Float64Array =>
  Float64Array.from({ length: grid.count }, (_, step) => instantOf(grid, step) / 1000);

function selectorOf(expression: Expression): VectorSelector | undefined {
  const inner = unwrap(expression);
  if (inner.kind === "range") return inner.selector;
  return inner.kind === "selector" ? inner : undefined;
}

/** The labels that a selector says exactly, which absent and absent_over_time give. */
function labelsWanted(expression: Expression): LabelSet {
  const seen = new Set<string>();
  let labels = LabelSet.EMPTY;
  for (const { name, operator, value } of selectorOf(expression)?.matchers ?? []) {
    if (name === METRIC_NAME) continue;
    labels = labels.with(name, operator === "=" && !seen.has(name) ? value : "");
    if (operator === "=") seen.add(name);
  }
  return labels;
}

/** 1 at the steps where none of some series has a value, under the labels that were asked for. */
export function absentOf(series: StepSeries[], wanted: Expression, count: number): Vector {
  const result = emptySeries(labelsWanted(wanted), count);
  for (let step = 0; step < count; step++) {
    if (series.some(({ present }) => present[step])) continue;
    result.values[step] = 1;
    result.present[step] = 1;
  }
  return vectorOf([result]);
}

/** histogram_quantile, of classic buckets: a series of each bound, by its label `le`. */
export async function quantileOfBuckets(
  { series }: Vector,
  quantiles: Float64Array,
  budget: QueryBudget,
): Promise<Vector> {
  const bounded = series.flatMap((column) => {
    const bound = parseBound(column.labels.get(BUCKET_LABEL));
    return bound === undefined ? [] : [{ ...column, bound }];
  });
  const results: StepSeries[] = [];
  for (const members of Map.groupBy(bounded, ({ labels }) => labels.without([BUCKET_LABEL]).key).values()) {
    budget.take(quantiles.length);
    const labels = members[0]?.labels.without([BUCKET_LABEL, METRIC_NAME]) ?? LabelSet.EMPTY;
    const result = emptySeries(labels, quantiles.length);
    for (let step = 0; step < quantiles.length; step++) {
      await budget.pause();
      const buckets: Bucket[] = [];
      for (const { bound, present, values } of members)
        if (present[step]) buckets.push({ bound, count: values[step] as number });
      if (buckets.length === 0) continue;
      result.values[step] = bucketQuantile(quantiles[step] as number, buckets);
      result.present[step] = 1;
    }
    results.push(result);
  }
  return vectorOf(uniteEqual(results, { apart: true }));
}

/** The series of an instant vector by value; NaN comes last either way. */
export function sortByValue({ series }: Vector, descending: boolean): Vector {
  const first = ({ values }: StepSeries) => values[0] as number;
  const sorted = series.toSorted((a, b) => {
    const [left, right] = [first(a), first(b)];
    if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    return (descending ? right - left : left - right) || 0;
  });
  return { type: "vector", series: sorted };
}
