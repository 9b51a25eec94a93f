import assert from "node:assert/strict";
import { test } from "node:test";
import { DomainError } from "#lib/errors.ts";
import { parseDuration, parseInstant } from "#lib/time/instant.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog/series.ts";
import { combinePoints, combineValues } from "#lib/tsdb/query/combine.ts";
import { shownValues } from "#lib/tsdb/query/live-values.ts";
import { selectSeries } from "#lib/tsdb/query/selector.ts";

const series = (id: number, metric: string, labels: Record<string, string> = {}) =>
  ({ id, metric, labels }) as SeriesInfo;
const ALL = [
  series(1, "cpu.usage"),
  series(2, "disk.usage", { mount: "/" }),
  series(3, "disk.usage", { mount: '/a "b", c' }),
];
const ids = (selector: string) => selectSeries(ALL, selector).map((s) => s.id);

test("a series is named by id, by metric, or by metric and labels", () => {
  assert.deepEqual(ids("3"), [3]);
  assert.deepEqual(ids("disk.usage"), [2, 3]);
  assert.deepEqual(ids('disk.usage{mount="/"}'), [2]);
  assert.deepEqual(ids('disk.usage{ mount = "/a \\"b\\", c" }'), [3]);
});

test("a selector that cannot be read, or names nothing, says so and names its field", () => {
  const problem = (selector: string) => {
    try {
      return ids(selector);
    } catch (error) {
      assert.ok(error instanceof DomainError);
      assert.equal(error.fields[0]?.field, "series");
      return error.type;
    }
  };
  assert.deepEqual(["disk.usage{mount=/}", "1;drop", "", "gpu.usage", "99"].map(problem), [
    "validation",
    "validation",
    "validation",
    "not-found",
    "not-found",
  ]);
});

test("instants are ISO, ms, now, or before now; spans have units", () => {
  const now = 1_000_000_000_000;
  assert.equal(parseInstant("now", "from", now), now);
  assert.equal(parseInstant("now-90m", "from", now), now - 5_400_000);
  assert.equal(parseInstant("2001-09-09T01:46:40Z", "from", now), now);
  assert.equal(parseInstant("1000", "from", now), 1_000);
  assert.equal(parseDuration("1.5h", "step"), 5_400_000);
  for (const text of [
    "yesterday",
    "",
    "now-3 fortnights",
    "-1",
    "2026-02-30",
    "2026-11-31T00:00:00Z",
    "2026-11-25T24:00:00Z",
  ])
    assert.throws(() => parseInstant(text, "from", now), DomainError, text);
  for (const text of ["0000-01-01", "99999999999999999", "now-99999999999d"])
    assert.throws(() => parseInstant(text, "from", now), DomainError, text);
  assert.throws(() => parseInstant("1764061200", "from", now), /in seconds: write ms since 1970, 1764061200000/);
  for (const text of ["5", "0s", "-1m", "5 min"]) assert.throws(() => parseDuration(text, "step"), DomainError);
});

test("a pattern with an escape that there is not is refused with the remedy", () => {
  const all: SeriesInfo[] = [];
  for (const selector of ['disk.usage{mount=~"/\\d*"}', 'disk.usage{mount="\\x"}', 'disk.usage{mount="\\u12"}'])
    assert.throws(() => selectSeries(all, selector), /escape that there is not/, selector);
});

test("series combine by sum or maximum, and what is unknown in all stays unknown", () => {
  assert.equal(combineValues("sum", [1, null, 2]), 3);
  assert.equal(combineValues("max", [1, undefined, 2]), 2);
  assert.equal(combineValues("sum", [null, undefined]), null);
  assert.deepEqual(
    combinePoints("sum", [
      [
        [0, 1],
        [1, null],
      ],
      [
        [0, 2],
        [1, null],
        [2, 5],
      ],
    ]),
    [
      [0, 3],
      [1, null],
      [2, 5],
    ],
  );
});

test("a live counter is a rate; after a gap, at first, or without its frame before it is unknown", () => {
  const frame = (at: number, values: (number | null)[]) => ({
    sourceId: 1,
    at,
    intervalMs: 1_000,
    seriesIds: [1, 2],
    values,
  });
  const kinds = (id: number) => (id === 2 ? "counter" : "gauge") as "counter" | "gauge";
  const shown = (now: ReturnType<typeof frame>, before?: ReturnType<typeof frame>) => [
    ...shownValues(now, before, kinds).values(),
  ];
  assert.deepEqual(shown(frame(1_000, [7, 100])), [7, null]);
  assert.deepEqual(shown(frame(2_000, [7, 150]), frame(1_000, [7, 100])), [7, 50]);
  assert.deepEqual(shown(frame(2_000, [7, 30]), frame(1_000, [7, 100])), [7, 30]);
  assert.deepEqual(shown(frame(9_000, [7, 150]), frame(1_000, [7, 100])), [7, null]);
  assert.deepEqual(shown(frame(2_000, [null, 150]), frame(1_000, [7, null])), [null, null]);
});
