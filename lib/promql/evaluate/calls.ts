import type { QueryBudget } from "#lib/promql/evaluate/budget.ts";
import { labelJoiner, labelReplacer } from "#lib/promql/evaluate/labelling.ts";
import { overWindows, type Range } from "#lib/promql/evaluate/ranges.ts";
import { constant, type Grid, uniteEqual, type Value, type Vector, vectorOf } from "#lib/promql/evaluate/steps.ts";
import {
  absentOf,
  mapValues,
  quantileOfBuckets,
  relabel,
  scalarOf,
  secondsOf,
  sortByValue,
  vectorOfScalar,
} from "#lib/promql/evaluate/vector-functions.ts";
import { DATE_FUNCTIONS, NUMBER_FUNCTIONS, SCALED_FUNCTIONS } from "#lib/promql/functions/instants.ts";
import { WINDOW_FUNCTIONS, type WindowFunction } from "#lib/promql/functions/windows.ts";
import {
  type Call,
  type Expression,
  type MatrixSelector,
  type Subquery,
  unwrap,
  type VectorSelector,
} from "#lib/promql/syntax/expression.ts";

/** What a call needs of the evaluation that it is in. */
export type CallScope = {
  grid: Grid;
  budget: QueryBudget;
  vector(expression: Expression): Promise<Vector>;
  scalar(expression: Expression): Promise<Float64Array>;
  range(expression: MatrixSelector | Subquery): Promise<Range>;
  select(selector: VectorSelector, how: { ofTimes?: boolean }): Promise<Vector>;
};

type Handler = (scope: CallScope, args: Expression[]) => Promise<Value>;

const textOf = (expression: Expression | undefined): string => {
  const inner = expression && unwrap(expression);
  return inner?.kind === "string" ? inner.text : "";
};

const argument = (args: Expression[], n: number): Expression => args[n] as Expression;

const scalarsOf = (scope: CallScope, args: Expression[]): Promise<Float64Array[]> =>
  Promise.all(args.map((arg) => scope.scalar(arg)));

/** timestamp of a selector is when its samples were taken; of anything else it is the instant of evaluation. */
async function timestamps(scope: CallScope, args: Expression[]): Promise<Vector> {
  const inner = unwrap(argument(args, 0));
  if (inner.kind === "selector")
    return mapValues(await scope.select(inner, { ofTimes: true }), (seconds) => seconds, [], scope.budget);
  const seconds = secondsOf(scope.grid);
  return mapValues(await scope.vector(inner), (_, now) => now, [seconds], scope.budget);
}

const HANDLERS: Record<string, Handler> = {
  absent: async (scope, args) =>
    absentOf((await scope.vector(argument(args, 0))).series, argument(args, 0), scope.grid.count),
  histogram_quantile: async (scope, args) =>
    quantileOfBuckets(await scope.vector(argument(args, 1)), await scope.scalar(argument(args, 0)), scope.budget),
  label_replace: async (scope, args) =>
    relabel(await scope.vector(argument(args, 0)), labelReplacer(args.slice(1).map(textOf))),
  label_join: async (scope, args) =>
    relabel(await scope.vector(argument(args, 0)), labelJoiner(args.slice(1).map(textOf))),
  pi: async ({ grid }) => ({ type: "scalar", values: constant(grid.count, Math.PI) }),
  scalar: async (scope, args) => ({
    type: "scalar",
    values: scalarOf(await scope.vector(argument(args, 0)), scope.grid.count),
  }),
  sort: async (scope, args) => sortByValue(await scope.vector(argument(args, 0)), false),
  sort_desc: async (scope, args) => sortByValue(await scope.vector(argument(args, 0)), true),
  time: async ({ grid }) => ({ type: "scalar", values: secondsOf(grid) }),
  timestamp: timestamps,
  vector: async (scope, args) => vectorOfScalar(await scope.scalar(argument(args, 0))),
};

/** A function of a range vector; its other arguments are scalars. */
async function callOverRange(scope: CallScope, { name, args }: Call, apply: WindowFunction): Promise<Vector> {
  const inner = args.map(unwrap);
  const isRange = (arg: Expression) => arg.kind === "range" || arg.kind === "subquery";
  const ranged = inner.find(isRange) as MatrixSelector | Subquery;
  const scalars = await scalarsOf(
    scope,
    inner.filter((arg) => !isRange(arg)),
  );
  const series = await overWindows(
    await scope.range(ranged),
    scope.grid,
    { apply, scalars },
    { budget: scope.budget, labelsOf: (labels) => (name === "last_over_time" ? labels : labels.withoutName()) },
  );
  const { series: present } = vectorOf(series);
  if (name === "absent_over_time") return absentOf(present, ranged, scope.grid.count);
  return { type: "vector", series: uniteEqual(present, { apart: false }) };
}

/** The value of a call. Its arguments have been checked. @throws QueryError execution */
export async function evaluateCall(scope: CallScope, call: Call): Promise<Value> {
  const { name, args } = call;
  const overRange = WINDOW_FUNCTIONS.get(name);
  if (overRange) return callOverRange(scope, call, overRange);
  const datePart = DATE_FUNCTIONS.get(name);
  if (datePart && args.length === 0) return vectorOfScalar(secondsOf(scope.grid).map(datePart));
  const ofNumber = datePart ?? NUMBER_FUNCTIONS.get(name) ?? SCALED_FUNCTIONS.get(name);
  const handler = HANDLERS[name];
  if (!ofNumber && handler) return handler(scope, args);
  if (!ofNumber) throw new Error(`The function ${name} is checked and not evaluated`);
  return mapValues(
    await scope.vector(argument(args, 0)),
    ofNumber,
    await scalarsOf(scope, args.slice(1)),
    scope.budget,
  );
}
