import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { type Look, lookedAt } from "#lib/promql/evaluate/selectors.ts";
import { emptySeries, type Grid, instantOf, type StepSeries } from "#lib/promql/evaluate/steps.ts";
import { RateWindows } from "#lib/promql/functions/rates.ts";
import type { StepWindow, WindowFunction } from "#lib/promql/functions/windows.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";

/** What a range vector is made of at each step: the samples of series, none of them stale, in a window that moves. */
export type Range = { series: SeriesSamples[]; look: Look; rangeMs: number };

/** The steps between which the evaluation looks whether others are due a turn. */
const STEPS_A_LOOK = 256;

/** Applies a function to the window of each series at each step. `scalars` are its scalar arguments, by step. */
export async function overWindows(
  { series, look, rangeMs }: Range,
  grid: Grid,
  { apply, scalars }: { apply: WindowFunction; scalars: Float64Array[] },
  { budget, labelsOf }: { budget: QueryBudget; labelsOf: (labels: LabelSet) => LabelSet },
): Promise<StepSeries[]> {
  const results: StepSeries[] = [];
  for (const { labels, times, values } of series) {
    budget.take(grid.count);
    const result = emptySeries(labelsOf(labels), grid.count);
    const window: StepWindow = {
      ...{ times, values, first: 0, end: 0, fromMs: 0, toMs: 0, rangeMs, atMs: 0 },
      ...{ scalars: scalars.map(() => 0), rates: new RateWindows(values) },
    };
    for (let step = 0; step < grid.count; step++) {
      if (step % STEPS_A_LOOK === 0) await budget.pause();
      window.toMs = lookedAt(grid, step, look);
      window.fromMs = window.toMs - rangeMs;
      while (window.end < times.length && (times[window.end] as number) <= window.toMs) window.end++;
      while (window.first < window.end && (times[window.first] as number) < window.fromMs) window.first++;
      if (window.first === window.end) continue;
      window.atMs = instantOf(grid, step);
      for (let n = 0; n < scalars.length; n++) window.scalars[n] = scalars[n]?.[step] as number;
      const value = apply(window);
      if (value === undefined) continue;
      result.values[step] = value;
      result.present[step] = 1;
    }
    results.push(result);
  }
  return results;
}

/** Series at steps as samples at the instants of these. */
export function toSamples({ labels, values, present }: StepSeries, grid: Grid): SeriesSamples {
  const steps = Array.from(present.keys()).filter((step) => present[step]);
  return {
    labels,
    times: Float64Array.from(steps, (step) => instantOf(grid, step)),
    values: Float64Array.from(steps, (step) => values[step] as number),
  };
}
