import { type LabelSet, METRIC_NAME } from "#lib/promql/series/labels.ts";
import { type Steps, stepPoints } from "#lib/promql/series/points.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { lttb } from "#lib/tsdb/points.ts";

/** Names that tell series of one result apart: of each what differs from the others, and where nothing does all of its labels. A single label is named by its value. */
export function legends(series: readonly LabelSet[]): string[] {
  const values = new Map<string, Set<string>>();
  for (const labels of series)
    for (const [name] of labels.pairs) {
      if (!values.has(name)) values.set(name, new Set(series.map((other) => other.get(name))));
    }
  return series.map((labels) => {
    const own = labels.pairs.filter(([name]) => (values.get(name)?.size ?? 0) > 1);
    const named = own.length > 0 ? own : labels.pairs;
    if (named.length < 2) return named[0]?.[1] ?? "value";
    return named.map(([name, value]) => (name === METRIC_NAME ? value : `${name}=${value}`)).join(", ");
  });
}

/** Series of a range query as named lines of at most `points` points each. */
export function linesOf(series: readonly SeriesSamples[], steps: Steps, points: number) {
  const names = legends(series.map(({ labels }) => labels));
  return series.map((own, n) => ({ name: names[n] as string, points: lttb(stepPoints(own, steps), points) }));
}
