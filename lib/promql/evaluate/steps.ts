import { executionError } from "#lib/promql/query/error.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";

/** The instants of an evaluation: `count` of them, `stepMs` apart, from `startMs` (ms since the epoch). */
export type Grid = { startMs: number; stepMs: number; count: number };

/** The instant (ms since the epoch) of a step. */
export const instantOf = ({ startMs, stepMs }: Grid, step: number): number => startMs + step * stepMs;

/** One series of an instant vector at all steps: a value, and whether there is one. */
export type StepSeries = { labels: LabelSet; values: Float64Array; present: Uint8Array };

export type Vector = { type: "vector"; series: StepSeries[] };
/** A scalar has a value at each step. */
export type Scalar = { type: "scalar"; values: Float64Array };
type Text = { type: "string"; text: string };
export type Value = Vector | Scalar | Text;

/** A series with no value at any of `count` steps. */
export const emptySeries = (labels: LabelSet, count: number): StepSeries => ({
  labels,
  values: new Float64Array(count),
  present: new Uint8Array(count),
});

/** One value at each of `count` steps. */
export const constant = (count: number, value: number): Float64Array => new Float64Array(count).fill(value);

const isEmpty = ({ present }: StepSeries): boolean => !present.includes(1);

/** A vector of the series that have any value. */
export const vectorOf = (series: StepSeries[]): Vector => ({
  type: "vector",
  series: series.filter((column) => !isEmpty(column)),
});

/** Two series have the same labels at one step. */
export const sameLabels = () => executionError("vector cannot contain metrics with the same labelset");

/** Adds a series' values to another of the same labels. @throws QueryError where both have one at a step */
function fold(into: StepSeries, from: StepSeries): StepSeries {
  const merged = { labels: into.labels, values: into.values.slice(), present: into.present.slice() };
  for (let i = 0; i < from.present.length; i++) {
    if (!from.present[i]) continue;
    if (merged.present[i]) throw sameLabels();
    merged.values[i] = from.values[i] as number;
    merged.present[i] = 1;
  }
  return merged;
}

/**
 * Series whose labels an operation has changed, those with equal labels as one. `apart` lets these be equal where they have values at different
 * steps; without it they may not be equal at all. @throws QueryError execution
 */
export function uniteEqual(series: StepSeries[], { apart }: { apart: boolean }): StepSeries[] {
  const byKey = new Map<string, StepSeries>();
  for (const column of series) {
    const before = byKey.get(column.labels.key);
    if (before && !apart) throw sameLabels();
    byKey.set(column.labels.key, before ? fold(before, column) : column);
  }
  return byKey.size === series.length ? series : [...byKey.values()];
}
