import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { growth, rollupSteps } from "#lib/tsdb/chunks/rollup.ts";
import { bucketsAt, foldSteps } from "#lib/tsdb/chunks/steps.ts";
import { unrollBuckets } from "#lib/tsdb/chunks/unroll.ts";

const EVERY_MS = 2 * MINUTE_MS;
const INTERVAL_MS = 10_000;
const HOURS = { stepMs: HOUR_MS, everyMs: EVERY_MS };

/** Hours of samples each ten seconds. */
function hoursOf(values: number[], kind: "gauge" | "counter") {
  const samples = {
    times: values.map((_, n) => n * INTERVAL_MS),
    values,
    intervals: values.map(() => INTERVAL_MS),
  };
  const range = { from: 0, to: values.length * INTERVAL_MS };
  return bucketsAt(foldSteps(rollupSteps(samples, { ...range, stepMs: MINUTE_MS }, kind), { stepMs: HOUR_MS }));
}

const grown = (values: readonly number[]): number =>
  values.slice(1).reduce((sum, value, n) => sum + growth(values[n] as number, value), 0);

test("a counter that is kept by the hour grows by as much as it did, whatever it grew by", () => {
  const steps = fc.array(fc.nat(1_000), { minLength: 800, maxLength: 1_500 });
  fc.assert(
    fc.property(steps, fc.nat(1e9), (increases, first) => {
      let total = first;
      const values = increases.map((increase) => (total += increase));
      const read = unrollBuckets(hoursOf(values, "counter"), { ...HOURS, kind: "counter" }).values;
      const whole = grown(values);
      // The first of two minutes is not seen to grow: there is no sample before it.
      const unseen = ((values[359] ?? 0) - (values[0] as number)) / 30;
      assert.ok(Math.abs(grown(read) + unseen - whole) <= 1e-6 * whole + 1, `${grown(read)} + ${unseen}, not ${whole}`);
      assert.equal(read.at(-1), values.at(-1));
    }),
    { numRuns: 50 },
  );
});

test("a counter that was reset within an hour loses no more than what it grew by between two samples", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 719 }), fc.nat(1e6), (resetAt, first) => {
      const values = Array.from({ length: 720 }, (_, n) => (n < resetAt ? first + n : n - resetAt));
      const read = unrollBuckets(hoursOf(values, "counter"), { ...HOURS, kind: "counter" }).values;
      const lost = grown(values) - grown(read);
      assert.ok(lost > -1e-6 && lost <= 2 * 12 + 1, `${lost} lost of ${grown(values)}`);
      assert.ok(read.every((value) => value >= 0));
      assert.equal(read.at(-1), values.at(-1));
    }),
  );
});

test("a gauge has the mean of the hour all through it, and an hour without a sample has none", () => {
  const hours = hoursOf(
    Array.from({ length: 360 }, (_, n) => n % 7),
    "gauge",
  );
  const [first] = hours;
  const { times, values } = unrollBuckets([...hours, { ...(first as (typeof hours)[0]), start: 3 * HOUR_MS }], {
    ...HOURS,
    kind: "gauge",
  });
  assert.equal(values.length, 60);
  assert.ok(values.every((value) => Math.abs(value - 2.99) < 0.02));
  assert.deepEqual(
    [times[0], times[29], times[30], times[59]],
    [EVERY_MS - 1, HOUR_MS - 1, 3 * HOUR_MS + EVERY_MS - 1, 4 * HOUR_MS - 1],
  );
});

test("nothing gives nothing, and a minute is read as its last total", () => {
  assert.deepEqual(unrollBuckets([], { ...HOURS, kind: "counter" }), { times: [], values: [] });
  const minute = { start: 0, count: 1, sum: 5, weight: 5, min: 1, max: 1, last: 42, gap: true };
  const minutes = { stepMs: MINUTE_MS, everyMs: MINUTE_MS, kind: "counter" as const };
  assert.deepEqual(unrollBuckets([minute], minutes), { times: [MINUTE_MS - 1], values: [42] });
});
