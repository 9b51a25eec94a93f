import assert from "node:assert/strict";
import { test } from "node:test";
import { LabelSet } from "#lib/promql/series/labels.ts";
import {
  allowedShare,
  budgetLeftOf,
  budgetMinutes,
  burnOf,
  burnWindows,
  exhaustedAt,
  failedOf,
  sliOf,
} from "#lib/slo/budget.ts";
import { growthByMinute, runsByMinute } from "#lib/slo/minute-counts.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const THREE_NINES = { objective: 99.9, windowDays: 30 };
const near = (a: number | null, b: number, by = 1e-9) =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) <= by, `${a} for ${b}`);

test("without any request there is no SLI, no burn and an untouched budget, and not 100 % or 0 %", () => {
  const none = { good: 0, total: 0 };
  assert.deepEqual([sliOf(none), burnOf(THREE_NINES, none), budgetLeftOf(THREE_NINES, none)], [null, null, null]);
});

test("a budget is used up by its own failures, and past that it is negative by as much", () => {
  near(budgetLeftOf(THREE_NINES, { good: 10_000, total: 10_000 }), 1);
  near(budgetLeftOf(THREE_NINES, { good: 9_995, total: 10_000 }), 0.5);
  near(budgetLeftOf(THREE_NINES, { good: 9_990, total: 10_000 }), 0);
  near(budgetLeftOf(THREE_NINES, { good: 9_975, total: 10_000 }), -1.5);
  near(burnOf(THREE_NINES, { good: 0, total: 7 }), 1_000);
  near(sliOf({ good: 0, total: 7 }), 0);
  near(budgetMinutes(THREE_NINES), 43.2);
});

test("an objective of five nines is no rounding error", () => {
  assert.equal(allowedShare({ objective: 99.999, windowDays: 30 }), 0.00001);
  near(budgetLeftOf({ objective: 99.999, windowDays: 30 }, { good: 999_995, total: 1_000_000 }), 0.5, 1e-6);
});

test("more good events than there were, read a moment later, are no negative failures", () => {
  assert.equal(failedOf({ good: 11, total: 10 }), 0);
  assert.equal(sliOf({ good: 11, total: 10 }), 1);
});

test("a budget ends when its rest burns at the present rate, and never at the rate that it allows", () => {
  const at = (left: number | null, burn: number | null) => exhaustedAt(THREE_NINES, { left, burn, now: 0 });
  assert.equal(at(0.5, 10), 1.5 * DAY_MS);
  assert.deepEqual([at(0.5, 1), at(0.5, 0), at(0.5, null), at(0, 10), at(-1, 10), at(null, null)], Array(6).fill(null));
});

test("alerts are those of the workbook for 30 days, and for other windows of the same share of the budget", () => {
  const factors = (windowDays: number) => burnWindows({ windowDays }).map(({ factor }) => factor);
  assert.deepEqual(factors(30), [14.4, 6, 3, 1]);
  assert.deepEqual(factors(28), [13.44, 5.6, 2.8, 1]);
  assert.deepEqual(factors(7), [3.36, 1.4, 1, 1]);
  assert.deepEqual(factors(90), [43.2, 18, 9, 3]);
});

const samples = (...points: [number, number][]) => ({
  labels: LabelSet.EMPTY,
  times: Float64Array.from(points, ([at]) => at * 1_000),
  values: Float64Array.from(points, ([, value]) => value),
});

test("a counter's growth is that of each minute, over its reset, and adds up to the whole", () => {
  const counter = samples([0, 100], [30, 110], [60, 120], [90, 5], [120, 6], [150, Number.NaN], [180, 9]);
  assert.deepEqual(
    [...growthByMinute([counter], 0, 180_000)],
    [
      [0, 20],
      [MINUTE_MS, 6],
      [2 * MINUTE_MS, 3],
    ],
  );
  assert.deepEqual([...growthByMinute([counter], MINUTE_MS, 2 * MINUTE_MS)], [[MINUTE_MS, 6]]);
  assert.deepEqual([...growthByMinute([samples([30, 7])], 0, 180_000)], [], "a first sample is no growth");
});

test("what a counter grew by over a long gap is not known to be of now", () => {
  const gap = HOUR_MS / 1_000;
  const counter = samples([0, 1], [gap, 5], [2 * gap + 1, 500], [2 * gap + 31, 501]);
  const grown = [...growthByMinute([counter], 0, 3 * HOUR_MS).values()];
  assert.deepEqual(grown, [4, 1]);
});

test("one bad value among good ones costs itself only", () => {
  const counter = samples([10, 1], [20, 1e308], [30, 3], [40, 4]);
  const sum = [...growthByMinute([counter], 0, MINUTE_MS).values()];
  assert.equal(sum.length, 1);
  assert.ok(Number.isFinite(sum[0]));
});

test("runs of a check are counted as they are, and a missing run is none", () => {
  const { good, total } = runsByMinute([samples([10, 1], [50, 0], [70, Number.NaN], [130, 1])], 0, 3 * MINUTE_MS);
  assert.deepEqual(
    [...good],
    [
      [0, 1],
      [2 * MINUTE_MS, 1],
    ],
  );
  assert.deepEqual(
    [...total],
    [
      [0, 2],
      [2 * MINUTE_MS, 1],
    ],
  );
});
