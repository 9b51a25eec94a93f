import assert from "node:assert/strict";
import { test } from "node:test";
import type { Explanation } from "#lib/anomalies/detector.ts";
import { anomalyReason, type Sample } from "#lib/anomalies/reason.ts";

const DAY = 86_400_000;
const MONDAY_9 = Date.UTC(2026, 10, 23, 9, 30);

const SPIKE: Explanation = {
  type: "spike",
  direction: "up",
  record: false,
  expected: 30,
  deviation: 4,
  since: MONDAY_9 - 21 * DAY,
};

const reason = (explanation: Partial<Explanation>, sample: Partial<Sample>) =>
  anomalyReason({ ...SPIKE, ...explanation }, { value: 93, at: MONDAY_9, unit: "percent", rate: false, ...sample });

test("a jump is said as a multiple of what is expected at that hour, and for how long it was not seen", () => {
  assert.equal(
    reason({ record: true }, {}),
    "Jumped to 93.0 %, 3.1 times the 30.0 % expected at this time of the week; not seen in the past 21 days",
  );
  assert.match(reason({ record: true, since: MONDAY_9 - 3_600_000 }, {}), /not seen in the past hour$/);
  assert.match(reason({ record: true, since: MONDAY_9 - 5 * 3_600_000 }, {}), /not seen in the past 5 hours$/);
});

test("percentages differ by points", () => {
  assert.equal(
    reason({ type: "shift" }, { value: 34 }),
    "Rose to a new level of 34.0 %, 4.0 points above the 30.0 % expected at this time of the week",
  );
  assert.equal(
    reason({ type: "shift", expected: 40 }, { value: 34 }),
    "Fell to a new level of 34.0 %, 6.0 points below the 40.0 % expected at this time of the week",
  );
});

test("a counter is said per second, a drop as a share", () => {
  assert.equal(
    reason({}, { value: 3, unit: "bytes", rate: true }),
    "Dropped to 3 B/s, 10 % of the 30 B/s expected at this time of the week",
  );
  assert.equal(
    reason({ expected: 3 * 2 ** 20 }, { value: 12 * 2 ** 20, unit: "bytes" }),
    "Jumped to 12 MiB, 4.0 times the 3 MiB expected at this time of the week",
  );
});

test("where nothing is expected, only what came is said: no multiple of zero, no distance of zero", () => {
  assert.equal(
    reason({ expected: 0, deviation: 0 }, { value: 5, unit: "count", rate: true }),
    "Jumped to 5/s, with 0/s expected at this time of the week",
  );
  assert.equal(
    reason({ expected: 12, deviation: 0 }, { value: 0, unit: "count", rate: true }),
    "Dropped to 0/s, with 12/s expected at this time of the week",
  );
});

test("a value that is back where it is expected is not compared with itself", () => {
  const zero = { expected: 0, deviation: 0 };
  const now = { value: 0, unit: "count", rate: true } as const;
  assert.equal(
    reason({ ...zero, type: "shift" }, now),
    "At an unusual level for up to an hour, back at the expected 0/s",
  );
  assert.equal(reason({ ...zero, type: "spike" }, now), "Brief unusual values, back at the expected 0/s");
  assert.equal(
    reason({ ...zero, type: "seasonal" }, now),
    "Unusual for the time of the week, back at the expected 0/s",
  );
});

test("negative, huge and tiny figures are readable", () => {
  assert.equal(
    reason({ expected: 4 }, { value: -12, unit: "celsius" }),
    "Dropped to -12.0 °C, 16.0 °C below the 4.0 °C expected at this time of the week",
  );
  assert.equal(
    reason({ expected: 2 }, { value: 3 * 2 ** 30, unit: "bytes", rate: true }),
    "Jumped to 3 GiB/s, with 2 B/s expected at this time of the week",
  );
  assert.equal(
    reason({ expected: 0.0001 }, { value: 0.0004, unit: "load" }),
    "Jumped to 0.0004, 4.0 times the 0.0001 expected at this time of the week",
  );
});

test("what varies and what stands still is said by its spread, where it has any", () => {
  assert.equal(
    reason({ type: "erratic" }, { value: 12 }),
    "Varies far more than usual, around the expected 30.0 %; values usually differ from the expected by 4.0 points",
  );
  assert.equal(
    reason({ type: "flat" }, { value: 45 }),
    "Hardly changes, at 45.0 %; values usually differ from the expected by 4.0 points",
  );
  assert.equal(
    reason({ type: "flat", deviation: 0, expected: 0 }, { value: 0, unit: "bytes", rate: true }),
    "Hardly changes, at 0 B/s",
  );
  assert.equal(
    reason({ type: "erratic", deviation: 0, expected: 0 }, { value: 0, unit: "count" }),
    "Varies far more than usual",
  );
});

test("what is unusual only for the time of the week says so", () => {
  assert.equal(
    reason({ type: "seasonal", expected: 60 }, { value: 12 }),
    "Unusual for the time of the week: 12.0 %, 20 % of the 60.0 % expected",
  );
});

test("no sentence holds a figure that tells nothing", () => {
  const values = [0, 1e-9, 0.4, 3, 1e15, -7];
  for (const type of ["spike", "shift", "seasonal", "erratic", "flat"] as const)
    for (const unit of ["percent", "bytes", "count", "seconds", "ms", "celsius", "load"] as const)
      for (const value of values)
        for (const expected of values) {
          const text = reason({ type, expected, deviation: 0 }, { value, unit, rate: unit === "bytes" });
          assert.doesNotMatch(text, /\b0\.0 times|\b0 % of|: 0 %|NaN|Infinity|usually differ/, text);
          assert.doesNotMatch(text, /, -?0(\.0+)?( [^ ]+|\/s)? (above|below)/, text);
        }
});
