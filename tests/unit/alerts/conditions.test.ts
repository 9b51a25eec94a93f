import assert from "node:assert/strict";
import { test } from "node:test";
import { needsOf, observe } from "#lib/alerts/conditions/conditions.ts";
import { reachProbability } from "#lib/alerts/conditions/forecast.ts";
import { foldWindow, type Values, type Window } from "#lib/alerts/conditions/windows.ts";
import { conditionSchema } from "#lib/contract/alert-conditions.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

const seriesOf = (id: number, metric: string, labels: Record<string, string> = {}): SeriesInfo => ({
  ...{ id, sourceId: 1, metric, labels, name: metric, unit: "percent", kind: "gauge" },
  ...{ group: "Other", help: "" },
});

const own = seriesOf(1, "cpu.usage");

type Given = (window: Window, seriesId: number) => number | undefined;

/** What a condition finds where windows have the given values. */
function finds(
  condition: object,
  given: Given,
  { series = own, parts = [] as SeriesInfo[][], intervalMs = 5_000 } = {},
) {
  const judged = {
    series: "x",
    windowMs: MINUTE_MS,
    aggregate: "avg" as const,
    condition: conditionSchema.parse(condition),
  };
  const subject = { series, parts, intervalMs: () => intervalMs };
  const wanted = new Set(needsOf(judged, subject).map((need) => JSON.stringify([need.window, need.series.id])));
  const values: Values = {
    value(window, seriesId) {
      assert.ok(wanted.has(JSON.stringify([window, seriesId])), "what is asked for was said to be needed");
      return given(window, seriesId);
    },
  };
  const { observation } = observe(judged, subject, values);
  return observation.kind === "value"
    ? observation.breached
      ? "holds"
      : observation.recovered
        ? "over"
        : "between"
    : observation.kind;
}

test("a threshold holds past its level, and is over only past its resolve level", () => {
  const above = { kind: "threshold", operator: ">", level: 90, resolveLevel: 80 };
  assert.deepEqual(
    [91, 90, 80, 0, 1e308].map((value) => finds(above, () => value)),
    ["holds", "between", "over", "over", "holds"],
  );
  assert.equal(
    finds(above, () => undefined),
    "no_data",
  );
  const below = { kind: "threshold", operator: "<=", level: -5, resolveLevel: 0 };
  assert.deepEqual(
    [-5, -1, 0.1].map((value) => finds(below, () => value)),
    ["holds", "between", "over"],
  );
});

test("a window is never shorter than three intervals, or an hourly series would be missing for 59 minutes", () => {
  const lengths: number[] = [];
  finds(
    { kind: "absence" },
    (window) => {
      if (window.kind === "samples") lengths.push(window.windowMs);
      return 1;
    },
    { intervalMs: HOUR_MS },
  );
  assert.deepEqual([...new Set(lengths)], [3 * HOUR_MS]);
});

test("a change from zero is beyond any percentage, and zero against zero is none", () => {
  const change = { kind: "change", direction: "any", percent: 1e6 };
  const against = (before: number, now: number) =>
    finds(change, (window) => (window.kind === "samples" && window.shiftMs > 0 ? before : now));
  assert.deepEqual([against(0, 1e-200), against(0, 0), against(-1, 1)], ["holds", "over", "over"]);
});

test("a budget burns where the long window and the short one both do, and nothing at all burns nothing", () => {
  const slo = { kind: "burn_rate", objective: 0.999, bad: { operator: "<", level: 1 } };
  const shares = (long: number | undefined, short: number | undefined) =>
    finds(slo, (window) => (window.kind === "share" && window.windowMs < HOUR_MS ? short : long));
  assert.deepEqual(
    [shares(0.02, 0.02), shares(0.02, 0), shares(0, 0.5), shares(undefined, undefined)],
    ["holds", "over", "over", "no_data"],
  );
  const ratio = { kind: "burn_rate", objective: 0.99, total: "requests" };
  const parts = [[seriesOf(2, "requests")]];
  const rates = (errors: number, total: number) => finds(ratio, (_, id) => (id === 1 ? errors : total), { parts });
  assert.deepEqual([rates(20, 100), rates(1, 1_000), rates(0, 0)], ["holds", "over", "over"]);
});

test("several conditions hold together as and, or and not say, and what is unknown decides nothing", () => {
  const part = (series: string, more: object = {}) => ({
    ...{ series, condition: { kind: "threshold", operator: ">", level: 50 } },
    ...more,
  });
  const [a, b] = [seriesOf(1, "a"), seriesOf(2, "b")];
  const both = (operator: string, values: (number | undefined)[], not = false) =>
    finds({ kind: "composite", operator, parts: [part("a"), part("b", { not })] }, (_, id) => values[id - 1], {
      ...{ series: a, parts: [[a], [b]] },
    });
  assert.deepEqual(
    [
      both("all", [60, 60]),
      both("all", [60, 10]),
      both("any", [60, undefined]),
      both("all", [60, undefined]),
      both("all", [10, undefined]),
    ],
    ["holds", "over", "holds", "no_data", "over"],
  );
  assert.deepEqual([both("all", [60, 10], true), both("all", [60, 60], true)], ["holds", "over"]);
});

test("parts are joined by the labels that they have in common", () => {
  const disk = (id: number, mount: string) => seriesOf(id, "disk", { mount });
  const parts = [[disk(1, "/")], [disk(2, "/"), disk(3, "/var")]];
  const condition = {
    ...{ kind: "composite", operator: "all" },
    parts: ["disk.usage", "disk.busy"].map((series) => ({
      series,
      condition: { kind: "threshold", operator: ">", level: 50 },
    })),
  };
  assert.equal(
    finds(condition, (_, id) => (id === 3 ? 99 : id === 1 ? 99 : 0), { series: disk(1, "/"), parts }),
    "over",
  );
});

test("a forecast says how likely a level is reached in time, upwards and downwards, and nothing of too short a past", () => {
  const hours = (count: number, value: (n: number) => number) =>
    Array.from({ length: count }, (_, n): [number, number] => [n * HOUR_MS, value(n)]);
  const level = { operator: ">=" as const, level: 100, withinMs: 2 * DAY_MS };
  assert.equal(
    reachProbability(
      hours(100, (n) => 60 + n / 3),
      level,
    ),
    1,
  );
  assert.equal(
    reachProbability(
      hours(100, () => 60),
      level,
    ),
    0,
  );
  assert.equal(
    reachProbability(
      hours(5, () => 60),
      level,
    ),
    undefined,
  );
  assert.equal(reachProbability([], level), undefined);
  assert.equal(
    reachProbability(
      hours(1, () => 100),
      level,
    ),
    1,
    "what is there already needs no past",
  );
  const falls = { operator: "<" as const, level: 10, withinMs: 2 * DAY_MS };
  assert.equal(
    reachProbability(
      hours(100, (n) => 200 - n * 1.8),
      falls,
    ),
    1,
  );
  assert.equal(
    reachProbability(
      hours(100, () => 200),
      falls,
    ),
    0,
  );
});

test("a window of a million samples, of huge ones and of none is folded", () => {
  const window: Window = { kind: "samples", windowMs: 1, aggregate: "avg", shiftMs: 0 };
  const fold = (aggregate: "avg" | "max" | "min" | "last", values: number[]) =>
    foldWindow({ ...window, aggregate }, values);
  assert.equal(fold("avg", [1.7e308, 1.7e308]), 1.7e308);
  assert.equal(
    fold(
      "max",
      Array.from({ length: 1e6 }, (_, n) => n),
    ),
    999_999,
  );
  assert.deepEqual([fold("min", [3, -1]), fold("last", [3, -1]), fold("avg", [])], [-1, -1, undefined]);
});
