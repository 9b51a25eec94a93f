import assert from "node:assert/strict";
import { test } from "node:test";
import { layOut, type TraceSpan, unfolded } from "#components/traces/span-tree.ts";

const START = Date.parse("2026-11-29T12:00:00Z");

/** A span `at` ms after the trace began, that took `ms`. */
const spanOf = (
  spanId: string,
  parentSpanId: string,
  at: number,
  ms: number,
  more: Partial<TraceSpan> = {},
): TraceSpan => ({
  ...{ spanId, parentSpanId, service: "shop", name: spanId, kind: "internal", failed: false, message: "" },
  ...{ startedAt: new Date(START + at), duration: ms / 1_000, attributes: {}, events: [] },
  ...more,
});

const shown = (spans: TraceSpan[]) =>
  layOut(spans).rows.map(({ span, depth }) => `${"  ".repeat(depth)}${span.spanId}`);

test("spans stand below the span that they belong to, in the order of their starts", () => {
  const spans = [
    spanOf("b", "root", 50, 10),
    spanOf("c", "a", 20, 5),
    spanOf("root", "", 0, 100),
    spanOf("a", "root", 10, 30),
  ];
  assert.deepEqual(shown(spans), ["root", "  a", "    c", "  b"]);
  const { from, lengthMs, rows } = layOut(spans);
  assert.deepEqual([from, lengthMs], [START, 100]);
  assert.deepEqual(
    rows.map(({ start, width, below }) => [Number(start.toFixed(6)), Number(width.toFixed(6)), below]),
    [
      [0, 1, 3],
      [0.1, 0.3, 1],
      [0.2, 0.05, 0],
      [0.5, 0.1, 0],
    ],
  );
  assert.deepEqual(
    unfolded(rows, new Set(["a"])).map(({ span }) => span.spanId),
    ["root", "a", "b"],
  );
  assert.equal(unfolded(rows, new Set(["root"])).length, 1);
});

test("spans whose parent is not kept, that are their own parents or go in a circle are all there once", () => {
  const spans = [
    spanOf("orphan", "gone", 5, 1),
    spanOf("self", "self", 6, 1),
    spanOf("x", "y", 7, 1),
    spanOf("y", "x", 8, 1),
    spanOf("root", "", 0, 10),
  ];
  assert.deepEqual(shown(spans), ["root", "orphan", "self", "x", "  y"]);
  assert.deepEqual(
    layOut(spans)
      .rows.filter(({ isOrphan }) => isOrphan)
      .map(({ span }) => span.spanId),
    ["orphan"],
  );
  assert.deepEqual(layOut([]), { from: 0, lengthMs: 0, root: undefined, early: 0, rows: [] });
  assert.deepEqual(shown([spanOf("only", "gone", 0, 0)]), ["only"]);
});

test("a service whose clock is an hour off does not squeeze the others; its bars end at the edge", () => {
  const spans = [
    spanOf("root", "", 0, 100),
    spanOf("ahead", "root", 3_600_000, 20, { service: "stock" }),
    spanOf("behind", "root", -3_600_000, 20, { service: "mail" }),
    spanOf("over", "root", 90, 60, { service: "stock" }),
  ];
  const { lengthMs, rows } = layOut(spans);
  assert.equal(lengthMs, 100);
  for (const { start, width, span } of rows)
    assert.ok(start >= 0 && width >= 0 && start + width <= 1, `${span.spanId}: ${start} + ${width}`);
  const outside = Object.fromEntries(rows.map(({ span, outsideMs }) => [span.spanId, Math.round(outsideMs)]));
  assert.deepEqual(outside, { root: 0, ahead: 3_599_920, behind: 3_600_000, over: 50 });
});

test("a trace is named and timed by its root where another clock is ten minutes behind, and says how many spans begin before", () => {
  const behind = { service: "stock" };
  const spans = [
    spanOf("root", "", 0, 1_000),
    spanOf("call", "root", -600_000, 200, behind),
    spanOf("orphan", "gone", -600_000, 200, behind),
    spanOf("rounded", "root", -1, 5, behind),
  ];
  const { from, root, early } = layOut(spans);
  assert.deepEqual([from, root?.spanId, early], [START, "root", 2]);
  assert.deepEqual([layOut(spans.slice(2)).root?.spanId, layOut(spans.slice(2)).early], ["orphan", 0]);
});

test("what the same service does after its answer, and what was taken from a queue later, is within the trace", () => {
  const spans = [
    spanOf("root", "", 0, 10),
    spanOf("cleanup", "root", 12, 8),
    spanOf("job", "root", 50, 50, { service: "worker", kind: "consumer" }),
  ];
  assert.equal(layOut(spans).lengthMs, 100);
  assert.ok(layOut(spans).rows.every(({ outsideMs }) => outsideMs === 0));
});

test("two hundred spans below one another, and a span without any duration, are laid out", () => {
  const chain = Array.from({ length: 200 }, (_, n) => spanOf(`s${n}`, n === 0 ? "" : `s${n - 1}`, n, 0));
  const { rows } = layOut(chain);
  assert.equal(rows.at(-1)?.depth, 199);
  assert.ok(rows.every(({ start, width }) => Number.isFinite(start) && Number.isFinite(width)));
});
