import assert from "node:assert/strict";
import { test } from "node:test";
import { toColumns } from "#components/charts/columns.ts";
import { differenceText, onSteps } from "#components/charts/compared.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { comparedRange } from "#lib/time/range/moves.ts";

test("what was earlier stands at the steps of the chart, whatever the range's length is", () => {
  const { forth } = comparedRange("before", { from: 100_000, to: 190_000 }, "UTC");
  assert.deepEqual(
    onSteps(
      [
        [30_000, 1],
        [60_000, null],
        [90_000, 3],
      ],
      forth,
      { stepMs: 60_000, intervalMs: 5_000 },
    ),
    [
      [120_000, 1],
      [180_000, 3],
    ],
  );
});

test("samples stand at the instants of samples, also where a range of an odd length has finer steps", () => {
  const { forth } = comparedRange("before", { from: 1_000_000, to: 1_437_000 }, "UTC");
  const earlier = [600_000, 605_000, 610_000].map((at): [number, number] => [at, 1]);
  const instants = onSteps(earlier, forth, { stepMs: 1_000, intervalMs: 5_000 }).map(([at]) => at);
  assert.deepEqual(instants, [1_035_000, 1_040_000, 1_045_000]);
});

test("last week stands at the same time of the day, when clocks were changed in between", () => {
  const zone = "Europe/Berlin";
  const monday = Date.parse("2026-10-26T00:00:00+01:00");
  const { from, forth } = comparedRange("week", { from: monday, to: monday + HOUR_MS }, zone);
  const points: [number, number][] = [0, 15, 30].map((minute) => [from + minute * MINUTE_MS, minute]);
  assert.deepEqual(
    onSteps(points, forth, { stepMs: 15 * MINUTE_MS, intervalMs: 5_000 }),
    [0, 15, 30].map((minute) => [monday + minute * MINUTE_MS, minute]),
  );
  // The hour that there was twice on Sunday a week later: both of its halves are the one of last week.
  const twice = Date.parse("2026-10-25T02:30:00+02:00");
  const week = comparedRange("week", { from: twice, to: twice + 2 * HOUR_MS }, zone);
  assert.equal(week.from, Date.parse("2026-10-18T02:30:00+02:00"));
  assert.deepEqual(onSteps([[week.from, 1]], week.forth, { stepMs: 30 * MINUTE_MS, intervalMs: 5_000 }), [[twice, 1]]);
});

test("a difference has its sign and its unit, in points of a percentage, and is not said of what is missing", () => {
  assert.equal(differenceText(80, 60, { unit: "percent", rate: false }), "+20.0 points");
  assert.equal(differenceText(1_024, 2_048, { unit: "bytes", rate: true }), "−1 KiB/s");
  assert.equal(differenceText(2, 2, { unit: "load", rate: false }), "0.00");
  for (const [value, was] of [
    [null, 1],
    [1, undefined],
    [1, Number.NaN],
    [1e308, -1e308],
  ] as const)
    assert.equal(differenceText(value, was, { unit: "count", rate: false }), "");
});

test("a gap of a line goes on to its next value, though another line has instants within it", () => {
  const { columns } = toColumns([
    {
      points: [
        [1, 10],
        [2, null],
        [5, 10],
      ],
    },
    {
      points: [
        [1, 5],
        [3, 5],
        [4, 5],
        [5, 5],
      ],
    },
  ]);
  assert.deepEqual(columns, [
    [10, null, null, null, 10],
    [5, undefined, 5, 5, 5],
  ]);
});
