import { staleMarkers } from "#lib/metrics/stale-marker.ts";
import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { emptySeries, type Grid, instantOf, type Vector, vectorOf } from "#lib/promql/evaluate/steps.ts";
import { LOOKBACK_MS } from "#lib/promql/query/limits.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";

/** When a selector looks at a step: `atMs` (ms since the epoch) instead of the step's own instant, and `offsetMs` back. */
export type Look = { atMs: number | undefined; offsetMs: number };

/** The instant that is looked at, at a step of a grid. */
export const lookedAt = (grid: Grid, step: number, { atMs, offsetMs }: Look): number =>
  (atMs ?? instantOf(grid, step)) - offsetMs;

/** The newest value of each series at each step, not older than the look-back; with `ofTimes` the instant (s) of that sample instead. */
export async function selectInstants(
  all: SeriesSamples[],
  grid: Grid,
  look: Look,
  { budget, ofTimes = false }: { budget: QueryBudget; ofTimes?: boolean },
): Promise<Vector> {
  const series = [];
  for (const { labels, times, values } of all) {
    budget.take(grid.count);
    await budget.pause();
    const stale = staleMarkers(values);
    const found = emptySeries(labels, grid.count);
    for (let step = 0, next = 0; step < grid.count; step++) {
      const instant = lookedAt(grid, step, look);
      while (next < times.length && (times[next] as number) <= instant) next++;
      if (next === 0 || (times[next - 1] as number) < instant - LOOKBACK_MS || stale?.[next - 1]) continue;
      found.values[step] = ofTimes ? (times[next - 1] as number) / 1000 : (values[next - 1] as number);
      found.present[step] = 1;
    }
    series.push(found);
  }
  return vectorOf(series);
}

/** The samples of a series that are no stale markers. */
export function withoutStale({ labels, times, values }: SeriesSamples): SeriesSamples {
  const stale = staleMarkers(values);
  if (!stale) return { labels, times, values };
  const keep = (_: number, i: number) => !stale[i];
  return { labels, times: times.filter(keep), values: values.filter(keep) };
}
