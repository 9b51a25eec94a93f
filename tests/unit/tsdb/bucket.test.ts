import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { appendLive, type OpenBuckets } from "#lib/tsdb/query/append-live.ts";
import { bucketise, roundStep } from "#lib/tsdb/query/bucket.ts";
import type { Point } from "#lib/tsdb/query/fold.ts";
import type { RangeResult } from "#lib/tsdb/query/range.ts";

const samples = (pairs: [number, number | null][], interval = 1_000) => ({
  times: pairs.map(([time]) => time),
  values: pairs.map(([, value]) => value),
  intervals: pairs.map(() => interval),
});
const range = (from: number, to: number, stepMs: number) => ({ from, to, stepMs });

test("a gauge's points are the means of whole steps", () => {
  const points = bucketise(
    samples([
      [0, 1],
      [1_000, 3],
      [2_000, 5],
      [3_000, 7],
    ]),
    range(0, 4_000, 2_000),
    "gauge",
    "avg",
  );
  assert.deepEqual(points, [
    [0, 2],
    [2_000, 6],
  ]);
});

test("min, max, sum, last and count say what they say", () => {
  const data = samples([
    [0, 4],
    [1_000, 1],
    [2_000, 7],
  ]);
  const aggregated = (aggregate: Parameters<typeof bucketise>[3]) =>
    bucketise(data, range(0, 10_000, 10_000), "gauge", aggregate)[0]?.[1];
  assert.deepEqual(
    [aggregated("min"), aggregated("max"), aggregated("sum"), aggregated("last"), aggregated("count")],
    [1, 7, 12, 7, 3],
  );
});

test("a counter is read as its rate per second, also across a reset", () => {
  const data = samples([
    [0, 100],
    [1_000, 150],
    [2_000, 20],
    [3_000, 30],
  ]);
  assert.deepEqual(bucketise(data, range(0, 4_000, 1_000), "counter", "rate"), [
    [1_000, 50],
    [2_000, 20],
    [3_000, 10],
  ]);
  assert.deepEqual(bucketise(data, range(0, 4_000, 4_000), "counter", "increase"), [[0, 80]]);
});

test("a counter's first rate in a range uses the sample before the range", () => {
  assert.deepEqual(
    bucketise(
      samples([
        [9_000, 5],
        [10_000, 8],
      ]),
      range(10_000, 11_000, 1_000),
      "counter",
      "rate",
    ),
    [[10_000, 3]],
  );
});

test("missing samples are a gap, drawn as one, and not a line between its ends", () => {
  const points = bucketise(
    samples([
      [0, 1],
      [1_000, 1],
      [4_000, 1],
      [5_000, 1],
    ]),
    range(0, 6_000, 1_000),
    "gauge",
    "avg",
  );
  assert.deepEqual(points, [
    [0, 1],
    [1_000, 1],
    [2_000, null],
    [4_000, 1],
    [5_000, 1],
  ]);
});

test("a counter has no rate across a gap", () => {
  const points = bucketise(
    samples([
      [0, 0],
      [1_000, 10],
      [60_000, 1_000],
      [61_000, 1_010],
    ]),
    range(0, 62_000, 1_000),
    "counter",
    "rate",
  );
  assert.deepEqual(points, [
    [1_000, 10],
    [2_000, null],
    [61_000, 10],
  ]);
});

test("samples further apart than the step are no gaps", () => {
  const points = bucketise(
    samples(
      [
        [0, 1],
        [10_000, 2],
        [20_000, 3],
      ],
      10_000,
    ),
    range(0, 30_000, 1_000),
    "gauge",
    "avg",
  );
  assert.deepEqual(points, [
    [0, 1],
    [10_000, 2],
    [20_000, 3],
  ]);
});

test("a value that could not be had is a gap in its series", () => {
  const points = bucketise(
    samples([
      [0, 1],
      [1_000, null],
      [2_000, 3],
    ]),
    range(0, 3_000, 1_000),
    "gauge",
    "avg",
  );
  assert.deepEqual(points, [
    [0, 1],
    [1_000, null],
    [2_000, 3],
  ]);
});

test("steps are round and give at most the points asked for", () => {
  assert.equal(roundStep(HOUR_MS, 720), 5_000);
  assert.equal(roundStep(DAY_MS, 300), 300_000);
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 10 * 365 * DAY_MS }),
      fc.integer({ min: 1, max: 4_000 }),
      (span, points) => {
        assert.ok(span / roundStep(span, points) <= points);
      },
    ),
  );
});

const gauge = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.double({ min: -1e9, max: 1e9, noNaN: true })), {
    minLength: 1,
    maxLength: 200,
  })
  .map((steps) => {
    let at = 0;
    return samples(
      steps.map(([step, value]): [number, number] => {
        at += step * 1_000;
        return [at, value];
      }),
    );
  });

test("whatever the samples: no sample is lost or doubled, and a mean lies between its extremes", () => {
  fc.assert(
    fc.property(gauge, fc.constantFrom(1_000, 5_000, 60_000), (data, stepMs) => {
      const whole = range(0, 1e9, stepMs);
      const aggregated = (aggregate: Parameters<typeof bucketise>[3]) =>
        bucketise(data, whole, "gauge", aggregate).filter(([, v]) => v !== null) as [number, number][];
      assert.equal(
        aggregated("count").reduce((sum, [, n]) => sum + n, 0),
        data.times.length,
      );
      const [mins, means, maxs] = [aggregated("min"), aggregated("avg"), aggregated("max")];
      means.forEach(([at, mean], i) => {
        const slack = 1e-6 * Math.max(1, Math.abs(mean));
        assert.equal(at % stepMs, 0);
        assert.ok((mins[i]?.[1] ?? 0) - slack <= mean && mean <= (maxs[i]?.[1] ?? 0) + slack);
      });
    }),
  );
});

test("live frames give the same points as reading the range anew", () => {
  fc.assert(
    fc.property(gauge, fc.constantFrom(1_000, 5_000), (data, stepMs) => {
      const end = (data.times.at(-1) ?? 0) + 1;
      const expected = bucketise(data, range(0, end, stepMs), "gauge", "avg");
      const series = {
        id: 1,
        metric: "m",
        labels: {},
        name: "m",
        unit: "count" as const,
        kind: "gauge" as const,
        intervalMs: 1_000,
        points: [] as Point[],
      };
      const open: OpenBuckets = new Map();
      let live: RangeResult = { from: 0, to: end, stepMs, resolutions: [], series: [series] };
      data.times.forEach((at, i) => {
        live = appendLive(live, at, new Map([[1, data.values[i] ?? null]]), open);
      });
      const samples = (points: Point[]) =>
        points.filter(([, v]) => v !== null).map(([at, v]) => [at, Number(v?.toPrecision(9))]);
      assert.deepEqual(samples(live.series[0]?.points ?? []), samples(expected));
    }),
  );
});

test("a live range slides: it keeps its span and drops what leaves it", () => {
  const points: Point[] = [
    [1_000, 1],
    [2_000, 2],
    [3_000, 3],
  ];
  const series = {
    id: 1,
    metric: "m",
    labels: {},
    name: "m",
    unit: "count" as const,
    kind: "gauge" as const,
    intervalMs: 1_000,
    points,
  };
  const slid = appendLive(
    { from: 0, to: 4_000, stepMs: 1_000, resolutions: [], series: [series] },
    6_000,
    new Map([[1, 6]]),
    new Map(),
  );
  assert.deepEqual([slid.from, slid.to], [2_001, 6_001]);
  assert.deepEqual(slid.series[0]?.points, [
    [2_000, 2],
    [3_000, 3],
    [4_000, null],
    [6_000, 6],
  ]);
});
