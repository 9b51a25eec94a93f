import type { ValueType } from "#lib/promql/syntax/expression.ts";

/** What a function takes and gives. `optional` of the last arguments may be left out; of a variadic one the last type may come any number of times. */
export type Signature = { args: ValueType[]; optional: number; variadic: boolean; gives: "vector" | "scalar" };

const signature = (args: ValueType[], more: Partial<Signature> = {}): Signature => ({
  args,
  optional: 0,
  variadic: false,
  gives: "vector",
  ...more,
});

const named = (names: string, shared: Signature): [string, Signature][] =>
  names.split(" ").map((name) => [name, shared]);

/** The functions of Prometheus 2.42. */
export const FUNCTIONS: ReadonlyMap<string, Signature> = new Map([
  ...named("abs ceil floor exp sqrt ln log2 log10 sgn deg rad", signature(["vector"])),
  ...named("sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh", signature(["vector"])),
  ...named("absent sort sort_desc timestamp", signature(["vector"])),
  ...named("histogram_count histogram_sum", signature(["vector"])),
  ...named("rate irate increase delta idelta deriv resets changes", signature(["matrix"])),
  ...named("avg_over_time sum_over_time min_over_time max_over_time count_over_time", signature(["matrix"])),
  ...named("stddev_over_time stdvar_over_time last_over_time present_over_time", signature(["matrix"])),
  ...named("absent_over_time", signature(["matrix"])),
  ...named("quantile_over_time", signature(["scalar", "matrix"])),
  ...named("predict_linear", signature(["matrix", "scalar"])),
  ...named("holt_winters", signature(["matrix", "scalar", "scalar"])),
  ...named("histogram_quantile", signature(["scalar", "vector"])),
  ...named("histogram_fraction", signature(["scalar", "scalar", "vector"])),
  ...named("clamp", signature(["vector", "scalar", "scalar"])),
  ...named("clamp_min clamp_max", signature(["vector", "scalar"])),
  ...named("round", signature(["vector", "scalar"], { optional: 1 })),
  ...named("label_replace", signature(["vector", "string", "string", "string", "string"])),
  ...named("label_join", signature(["vector", "string", "string", "string"], { optional: 1, variadic: true })),
  ...named("vector", signature(["scalar"])),
  ...named("scalar", signature(["vector"], { gives: "scalar" })),
  ...named("time pi", signature([], { gives: "scalar" })),
  ...named(
    "minute hour day_of_week day_of_month day_of_year days_in_month month year",
    signature(["vector"], { optional: 1 }),
  ),
]);

/** Aggregations, and the type of the parameter of those that take one. */
export const AGGREGATIONS: ReadonlyMap<string, ValueType | undefined> = new Map([
  ...["sum", "avg", "min", "max", "count", "stddev", "stdvar", "group"].map((name): [string, undefined] => [
    name,
    undefined,
  ]),
  ...["topk", "bottomk", "quantile"].map((name): [string, ValueType] => [name, "scalar"]),
  ["count_values", "string"],
]);
