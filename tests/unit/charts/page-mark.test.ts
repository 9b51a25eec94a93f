import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { countMarks, isWithin, type PageMark, stretchesOf } from "#components/marks/page-mark.ts";

const mark = (from: number, to = from, colour = "warn", kind: PageMark["kind"] = "alert"): PageMark => ({
  ...{ key: `${from} ${to}`, kind, text: "", colour },
  ...{ from, to },
});
const COLOURS = ["bad", "warn", "accent"];

test("what touches is a single stretch in the gravest colour, what lies apart is not", () => {
  const stretches = stretchesOf([mark(50, 60), mark(10, 20), mark(15, 30, "bad"), mark(80)], (at) => at, COLOURS);
  assert.deepEqual(stretches, [
    { left: 10, right: 31, colour: "bad" },
    { left: 50, right: 61, colour: "warn" },
    { left: 80, right: 81, colour: "warn" },
  ]);
  assert.deepEqual(
    stretchesOf([], (at) => at, COLOURS),
    [],
  );
});

test("ten thousand marks are no more to draw than the chart is wide, and leave no mark out", () => {
  const at = fc.integer({ min: 0, max: 400_000 });
  const marks = fc.array(fc.tuple(at, fc.integer({ min: 0, max: 5_000 })), { minLength: 1, maxLength: 10_000 });
  const x = (instant: number) => instant / 1_000;
  fc.assert(
    fc.property(marks, (drawn) => {
      const stretches = stretchesOf(
        drawn.map(([from, length]) => mark(from, from + length)),
        x,
        COLOURS,
      );
      assert.ok(stretches.length <= 400);
      for (const [n, { left, right }] of stretches.entries()) {
        assert.ok(right > left);
        if (n > 0) assert.ok(left > (stretches[n - 1]?.right ?? 0));
      }
      for (const [from, length] of drawn)
        assert.ok(stretches.some(({ left, right }) => left <= x(from) && x(from + length) <= right));
    }),
    { numRuns: 50 },
  );
});

test("what happened is counted by kind, the gravest first; what only touches a range is within it", () => {
  assert.equal(countMarks([mark(1), mark(2), mark(3, 3, "accent", "deploy")]), "2 alerts, 1 deploy");
  assert.equal(countMarks([]), "");
  assert.deepEqual(
    [mark(0, 10), mark(20), mark(0, 9), mark(5, 50)].map((each) => isWithin(each, { from: 10, to: 20 })),
    [true, false, false, true],
  );
});
