import { foldGroups, groupSeries, quantileGroups } from "#lib/promql/evaluate/aggregations.ts";
import { betweenScalars, withScalar } from "#lib/promql/evaluate/binary.ts";
import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { evaluateCall } from "#lib/promql/evaluate/calls.ts";
import { combineSets, VectorJoin } from "#lib/promql/evaluate/matching.ts";
import type { NumberOperator } from "#lib/promql/evaluate/operators.ts";
import { instantOfAt, type Period, type SelectedSeries } from "#lib/promql/evaluate/plan.ts";
import { type Range, toSamples } from "#lib/promql/evaluate/ranges.ts";
import { countValues, selectRanked } from "#lib/promql/evaluate/selections.ts";
import { type Look, selectInstants, withoutStale } from "#lib/promql/evaluate/selectors.ts";
import {
  constant,
  type Grid,
  type Scalar,
  type StepSeries,
  uniteEqual,
  type Value,
  type Vector,
  vectorOf,
} from "#lib/promql/evaluate/steps.ts";
import { executionError } from "#lib/promql/query/error.ts";
import { SUBQUERY_STEP_MS } from "#lib/promql/query/limits.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import {
  type Aggregate,
  type AtModifier,
  type Binary,
  type Expression,
  isSetOperator,
  type MatrixSelector,
  type Subquery,
  type VectorSelector,
} from "#lib/promql/syntax/expression.ts";
import { isInvariant } from "#lib/promql/syntax/invariant.ts";

/** What all evaluations of one query share. */
export type QueryContext = { selected: SelectedSeries; query: Period; budget: QueryBudget };

/** Evaluates expressions at all instants of a grid at once: a column for each series, and no object for each sample. */
export class Evaluator {
  readonly grid: Grid;
  readonly context: QueryContext;

  constructor(grid: Grid, context: QueryContext) {
    this.grid = grid;
    this.context = context;
  }

  get budget(): QueryBudget {
    return this.context.budget;
  }

  /** @throws QueryError execution, timeout, canceled */
  async evaluate(expression: Expression): Promise<Value> {
    this.budget.assertRunning();
    const { count } = this.grid;
    if (count === 1 || expression.kind === "number" || expression.kind === "string" || !isInvariant(expression))
      return this.#evaluateAll(expression);
    const first = new Evaluator({ ...this.grid, count: 1 }, this.context);
    return this.#repeat(await first.evaluate(expression));
  }

  async vector(expression: Expression): Promise<Vector> {
    const value = await this.evaluate(expression);
    if (value.type !== "vector") throw new Error(`${expression.kind} gave a ${value.type} and no vector`);
    return value;
  }

  async scalar(expression: Expression): Promise<Float64Array> {
    const value = await this.evaluate(expression);
    if (value.type !== "scalar") throw new Error(`${expression.kind} gave a ${value.type} and no scalar`);
    return value.values;
  }

  /** What does not change, at each step. */
  #repeat(value: Value): Value {
    const { count } = this.grid;
    if (value.type === "string") return value;
    if (value.type === "scalar") return { type: "scalar", values: constant(count, value.values[0] as number) };
    this.budget.take(count * value.series.length);
    return vectorOf(
      value.series.map(({ labels, values }) => ({
        labels,
        values: constant(count, values[0] as number),
        present: new Uint8Array(count).fill(1),
      })),
    );
  }

  async #evaluateAll(expression: Expression): Promise<Value> {
    switch (expression.kind) {
      case "number":
        return { type: "scalar", values: constant(this.grid.count, expression.value) };
      case "string":
        return { type: "string", text: expression.text };
      case "parentheses":
        return this.evaluate(expression.inner);
      case "unary":
        return expression.negative
          ? this.#negate(await this.evaluate(expression.inner))
          : this.evaluate(expression.inner);
      case "selector":
        return this.select(expression, {});
      case "aggregate":
        return this.#aggregate(expression);
      case "binary":
        return this.#binary(expression);
      case "call":
        return evaluateCall(this, expression);
      default:
        throw executionError("a range vector has no value at a single instant");
    }
  }

  #lookOf({ at, offsetMs }: { at: AtModifier | undefined; offsetMs: number }): Look {
    return { atMs: at === undefined ? undefined : instantOfAt(at, this.context.query), offsetMs };
  }

  #samplesOf(selector: VectorSelector): SeriesSamples[] {
    return this.context.selected.get(selector) ?? [];
  }

  /** The newest values of a selector; with `ofTimes` their instants in seconds. */
  select(selector: VectorSelector, { ofTimes = false }): Promise<Vector> {
    const how = { budget: this.budget, ofTimes };
    return selectInstants(this.#samplesOf(selector), this.grid, this.#lookOf(selector), how);
  }

  /** What a range vector is made of. */
  async range(expression: MatrixSelector | Subquery): Promise<Range> {
    const { rangeMs } = expression;
    if (expression.kind === "range") {
      const { selector } = expression;
      return { series: this.#samplesOf(selector).map(withoutStale), look: this.#lookOf(selector), rangeMs };
    }
    const look = this.#lookOf(expression);
    const grid = this.#gridOf(expression, look);
    const { series } = await new Evaluator(grid, this.context).vector(expression.inner);
    return { series: series.map((column) => toSamples(column, grid)), look, rangeMs };
  }

  /** The instants of a subquery: whole multiples of its step. */
  #gridOf({ rangeMs, stepMs = SUBQUERY_STEP_MS }: Subquery, { atMs, offsetMs }: Look): Grid {
    const { startMs, stepMs: outerMs, count } = this.grid;
    const from = (atMs ?? startMs) - offsetMs - rangeMs;
    const to = (atMs ?? startMs + (count - 1) * outerMs) - offsetMs;
    const first = Math.ceil(from / stepMs) * stepMs;
    const steps = Math.max(0, Math.floor((to - first) / stepMs) + 1);
    this.budget.take(steps);
    return { startMs: first, stepMs, count: steps };
  }

  #negate(value: Value): Value {
    if (value.type === "string") return value;
    if (value.type === "scalar") return { type: "scalar", values: value.values.map((number) => -number) };
    const negated = value.series.map(({ labels, values, present }): StepSeries => {
      this.budget.take(values.length);
      return { labels: labels.withoutName(), values: values.map((number) => -number), present };
    });
    return vectorOf(uniteEqual(negated, { apart: false }));
  }

  async #aggregate(expression: Aggregate): Promise<Vector> {
    const { operator, inner, parameter, grouping, without } = expression;
    const by = { labels: grouping, without };
    const given = parameter ? await this.evaluate(parameter) : undefined;
    const { series } = await this.vector(inner);
    const { budget } = this;
    if (given?.type === "string")
      return vectorOf(await countValues(series, given.text, by, { count: this.grid.count, budget }));
    const groups = groupSeries(series, by);
    const scalars = (given as Scalar | undefined)?.values;
    if (!scalars) return vectorOf(await foldGroups(operator, groups, this.grid.count, budget));
    if (operator === "quantile") return vectorOf(await quantileGroups(groups, scalars, budget));
    return vectorOf(await selectRanked(groups, scalars, { isTop: operator === "topk", budget }));
  }

  async #binary({ operator, left, right, bool, matching }: Binary): Promise<Value> {
    const [from, to] = [await this.evaluate(left), await this.evaluate(right)];
    if (from.type === "vector" && to.type === "vector") {
      if (isSetOperator(operator)) return combineSets(operator, from, to, matching);
      return new VectorJoin({ operator, bool, matching }, this.grid.count, this.budget).join(from, to);
    }
    const compute = operator as NumberOperator;
    if (from.type === "vector" && to.type === "scalar")
      return withScalar(compute, from, to.values, { scalarFirst: false, bool, budget: this.budget });
    if (from.type === "scalar" && to.type === "vector")
      return withScalar(compute, to, from.values, { scalarFirst: true, bool, budget: this.budget });
    if (from.type === "scalar" && to.type === "scalar")
      return { type: "scalar", values: betweenScalars(compute, from.values, to.values) };
    throw new Error(`${operator} stands between a ${from.type} and a ${to.type}`);
  }
}
