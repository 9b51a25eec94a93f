import { type Limits, QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { Evaluator } from "#lib/promql/evaluate/evaluator.ts";
import { type Period, selectAll } from "#lib/promql/evaluate/plan.ts";
import { toSamples } from "#lib/promql/evaluate/ranges.ts";
import type { Grid, StepSeries } from "#lib/promql/evaluate/steps.ts";
import { QueryError } from "#lib/promql/query/error.ts";
import { MAX_STEPS } from "#lib/promql/query/limits.ts";
import { compareLabels, LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesReader, SeriesSamples } from "#lib/promql/series/reader.ts";
import { typeOf } from "#lib/promql/syntax/check.ts";
import { type Expression, unwrap } from "#lib/promql/syntax/expression.ts";
import { parseExpression } from "#lib/promql/syntax/parse.ts";

/** A series at one instant. */
type InstantSample = { labels: LabelSet; value: number };

/** What an instant query gives; `atMs` is the instant of evaluation, ms since the epoch. */
export type InstantResult =
  | { type: "vector"; atMs: number; samples: InstantSample[] }
  | { type: "scalar"; atMs: number; value: number }
  | { type: "string"; atMs: number; text: string }
  | { type: "matrix"; atMs: number; series: SeriesSamples[] };

const toExpression = (query: string | Expression): Expression =>
  typeof query === "string" ? parseExpression(query) : query;

async function evaluatorOf(
  expression: Expression,
  { grid, query }: { grid: Grid; query: Period },
  reader: SeriesReader,
  limits: Limits,
) {
  const budget = new QueryBudget(limits);
  return new Evaluator(grid, { selected: await selectAll(expression, query, reader, budget), query, budget });
}

/** The samples of a range vector at a single instant. */
async function rangeAt(evaluator: Evaluator, expression: Expression): Promise<SeriesSamples[]> {
  const inner = unwrap(expression);
  if (inner.kind !== "range" && inner.kind !== "subquery") throw new Error(`${inner.kind} is no range vector`);
  const { series, look, rangeMs } = await evaluator.range(inner);
  const toMs = (look.atMs ?? evaluator.grid.startMs) - look.offsetMs;
  const within = ({ labels, times, values }: SeriesSamples): SeriesSamples => {
    const keep = (_: number, i: number) => (times[i] as number) >= toMs - rangeMs && (times[i] as number) <= toMs;
    return { labels, times: times.filter(keep), values: values.filter(keep) };
  };
  return series.map(within).filter(({ times }) => times.length > 0);
}

/**
 * Evaluates a query at an instant (ms since the epoch).
 * @throws QueryError bad_data for what cannot be read, execution, timeout and canceled for what cannot be evaluated
 */
export async function queryInstant(
  reader: SeriesReader,
  query: string | Expression,
  atMs: number,
  limits: Limits = {},
): Promise<InstantResult> {
  const expression = toExpression(query);
  const times = { grid: { startMs: atMs, stepMs: 1, count: 1 }, query: { fromMs: atMs, toMs: atMs } };
  const evaluator = await evaluatorOf(expression, times, reader, limits);
  if (typeOf(expression) === "matrix") return { type: "matrix", atMs, series: await rangeAt(evaluator, expression) };
  const value = await evaluator.evaluate(expression);
  if (value.type === "string") return { type: "string", atMs, text: value.text };
  if (value.type === "scalar") return { type: "scalar", atMs, value: value.values[0] as number };
  const samples = value.series.map(({ labels, values }) => ({ labels, value: values[0] as number }));
  return { type: "vector", atMs, samples };
}

const MATRIX_TYPES = { string: "string", matrix: "range vector" } as const;

/** A query that has a value at each step. @throws QueryError bad_data for what cannot be read, and for range vectors and strings */
export function toRangeExpression(query: string | Expression): Expression {
  const expression = toExpression(query);
  const type = typeOf(expression);
  if (type !== "string" && type !== "matrix") return expression;
  const got = MATRIX_TYPES[type];
  const message = `invalid expression type "${got}" for range query, must be Scalar or instant Vector`;
  throw new QueryError("bad_data", message);
}

/**
 * Evaluates a query at each step from one instant to another (ms since the epoch, both included), by series in the order of their labels.
 * @throws QueryError bad_data for what cannot be read or has too many steps, execution, timeout and canceled for what cannot be evaluated
 */
export async function queryRange(
  reader: SeriesReader,
  query: string | Expression,
  { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number },
  limits: Limits = {},
): Promise<SeriesSamples[]> {
  const expression = toRangeExpression(query);
  if ((toMs - fromMs) / stepMs > MAX_STEPS)
    throw new QueryError(
      "bad_data",
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
  const grid = { startMs: fromMs, stepMs, count: Math.floor((toMs - fromMs) / stepMs) + 1 };
  const evaluator = await evaluatorOf(expression, { grid, query: { fromMs, toMs } }, reader, limits);
  const value = await evaluator.evaluate(expression);
  return seriesOf(value.type === "vector" ? value.series : [scalarSeries(value as { values: Float64Array })])
    .map((series) => toSamples(series, grid))
    .filter(({ times }) => times.length > 0);
}

const scalarSeries = ({ values }: { values: Float64Array }): StepSeries => ({
  labels: LabelSet.EMPTY,
  values,
  present: new Uint8Array(values.length).fill(1),
});

const seriesOf = (series: StepSeries[]): StepSeries[] => series.toSorted((a, b) => compareLabels(a.labels, b.labels));
