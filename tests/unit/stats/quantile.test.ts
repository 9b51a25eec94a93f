import assert from "node:assert/strict";
import { test } from "node:test";
import { metricSchema, planSchema } from "#lib/contract/experiment-plans.ts";
import { quantileResult } from "#lib/experiments/results.ts";
import { median, quantile } from "#lib/stats/quantile.ts";
import { bucketise } from "#lib/tsdb/query/bucket.ts";

const ONE_TO_TEN = Array.from({ length: 10 }, (_, n) => n + 1);

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test("a quantile lies between two values as R's type 7 and NumPy have it", () => {
  near(quantile(ONE_TO_TEN, 0.95), 9.55);
  assert.equal(quantile([4, 1, 3, 2], 0.25), 1.75);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median(Float64Array.of(9, 1, 5)), 5);
});

test("the ends are the least and the greatest value, and a lone value is each of its quantiles", () => {
  assert.deepEqual([quantile(ONE_TO_TEN, 0), quantile(ONE_TO_TEN, 1)], [1, 10]);
  for (const q of [0, 0.3, 1]) assert.equal(quantile([7], q), 7);
});

test("of no values, or where a value is missing, there is no quantile; a level that is no share is refused", () => {
  assert.ok(Number.isNaN(quantile([], 0.5)));
  assert.ok(Number.isNaN(quantile([1, Number.NaN, 3], 0)));
  for (const q of [-0.1, 1.1, Number.NaN]) assert.throws(() => quantile([1, 2], q), RangeError);
});

test("infinite values are kept and never turn into NaN", () => {
  const never = Number.POSITIVE_INFINITY;
  assert.equal(quantile([1, 2, never], 0.5), 2);
  assert.equal(quantile([1, never, never], 0.5), never);
  assert.equal(quantile([1, 2, 3, never], 0.9), never);
  assert.equal(quantile([never, never, never], 0.4), never);
  assert.equal(quantile([-never, 1, 2], 0.1), -never);
});

test("a percentile is the same figure on a chart, in a variant's column and in the effect between variants", () => {
  const metric = metricSchema.parse({ key: "wait", kind: "quantile", quantile: 0.95, event: "wait" });
  const { arms } = quantileResult(planSchema.parse({}), metric, [
    { key: "control", values: ONE_TO_TEN },
    { key: "treatment", values: ONE_TO_TEN.map((value) => 2 * value) },
  ]);
  assert.equal(arms[0]?.mean, quantile(ONE_TO_TEN, 0.95));
  assert.equal(arms[1]?.mean, 2 * quantile(ONE_TO_TEN, 0.95));
  const [times, intervals] = [ONE_TO_TEN.map((n) => n * 1000), ONE_TO_TEN.map(() => 1000)];
  const minute = { from: 0, to: 60_000, stepMs: 60_000 };
  assert.deepEqual(bucketise({ times, intervals, values: ONE_TO_TEN }, minute, "gauge", "p95"), [
    [0, quantile(ONE_TO_TEN, 0.95)],
  ]);
});
