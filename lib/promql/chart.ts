import { queryRange } from "#lib/promql/engine.ts";
import type { Limits } from "#lib/promql/evaluate/budget.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import { legends } from "#lib/promql/series/lines.ts";
import { type Steps, stepPoints } from "#lib/promql/series/points.ts";
import type { SeriesReader } from "#lib/promql/series/reader.ts";
import type { Expression } from "#lib/promql/syntax/expression.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import type { Point } from "#lib/tsdb/points.ts";

/** A chart of more lines is read by nobody. */
const MOST_SERIES = 20;

/** What is drawn of an expression over a span: the first of its series, a point a step, with how many more there are. */
export type ChartedExpression = Steps & {
  series: { name: string; labels: Record<string, string>; points: Point[] }[];
  leftOut: number;
};

/** At most `points` steps of whole seconds over [from, to] (ms), at multiples of themselves. */
function stepsOf({ from, to, points }: { from: number; to: number; points: number }): Steps {
  const stepMs = Math.ceil((to - from) / (points - 1) / SECOND_MS) * SECOND_MS;
  const toMs = Math.floor(to / stepMs) * stepMs;
  return { fromMs: Math.min(Math.ceil(from / stepMs) * stepMs, toMs), toMs, stepMs };
}

/** Evaluates an expression for a chart of [from, to] (ms, from < to), with those series whose labels `keep` takes. @throws QueryError */
export async function chartSeries(
  reader: SeriesReader,
  expression: string | Expression,
  range: { from: number; to: number; points: number },
  { keep = () => true, ...limits }: Limits & { keep?: (labels: LabelSet) => boolean },
): Promise<ChartedExpression> {
  const span = stepsOf(range);
  const found = (await queryRange(reader, expression, span, limits)).filter(({ labels }) => keep(labels));
  const shown = found.slice(0, MOST_SERIES);
  const names = legends(shown.map(({ labels }) => labels));
  const series = shown.map((each, n) => ({
    ...{ name: names[n] as string, labels: each.labels.toRecord() },
    points: stepPoints(each, span),
  }));
  return { ...span, series, leftOut: found.length - series.length };
}
