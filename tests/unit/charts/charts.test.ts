import assert from "node:assert/strict";
import { test } from "node:test";
import { lonePoints, toColumns } from "#components/charts/columns.ts";
import { lineNames } from "#components/charts/line-names.ts";
import { lineLook } from "#components/charts/palette.ts";
import { nearestIndex } from "#components/charts/plot/crosshair.ts";
import { plotFrame } from "#components/charts/plot/plot-frame.ts";
import { resolutionNote } from "#components/charts/resolution-note.ts";
import type { Resolution } from "#lib/contract/enums.ts";
import { timeTicks } from "#lib/format/time-axis.ts";
import { formatText } from "#lib/format/value.ts";
import { valueTicks } from "#lib/format/value-axis.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { localTime } from "#lib/time/zone.ts";

const named = (...series: [string, Record<string, string>][]) => [
  ...lineNames(series.map(([metric, labels], id) => ({ id, metric, labels }))).values(),
];

test("lines are named by what tells them apart", () => {
  assert.deepEqual(named(["cpu.user", {}], ["cpu.system", {}]), ["user", "system"]);
  assert.deepEqual(named(["cpu.core.usage", { core: "0" }], ["cpu.core.usage", { core: "1" }]), ["0", "1"]);
  assert.deepEqual(
    named(["network.receive.bytes", { interface: "eth0" }], ["network.transmit.bytes", { interface: "eth0" }]),
    ["receive", "transmit"],
  );
  assert.deepEqual(named(["disk.read.bytes", { device: "sda" }], ["disk.write.bytes", { device: "sdb" }]), [
    "sda read",
    "sdb write",
  ]);
  assert.deepEqual(named(["memory.usage", {}]), ["usage"]);
});

test("what a chart draws is in order of time, a column a series; gaps stay gaps, and another line's instants are none", () => {
  const { at, columns } = toColumns([
    {
      points: [
        [1, 10],
        [3, null],
      ],
    },
    { points: [[2, 5]] },
  ]);
  assert.deepEqual(at, [1, 2, 3]);
  assert.deepEqual(columns, [
    [10, undefined, null],
    [undefined, 5, undefined],
  ]);
  assert.deepEqual(toColumns([]), { at: [], columns: [] });
});

test("a value between gaps is seen as a point, one beside another as a line", () => {
  assert.deepEqual(lonePoints([7]), [0]);
  assert.deepEqual(lonePoints([1, null, 5, null, 3, 4]), [0, 2]);
  assert.deepEqual(lonePoints([undefined, 5, undefined]), [1]);
  assert.deepEqual(lonePoints([1, undefined, 5]), []);
  assert.deepEqual(lonePoints([]), []);
  assert.deepEqual(lonePoints([null, undefined]), []);
});

test("the crosshair goes to the nearest instant", () => {
  const instants = [10, 20, 40];
  assert.deepEqual(
    [5, 10, 14, 16, 29, 31, 99].map((at) => nearestIndex(instants, at)),
    [0, 0, 0, 1, 1, 2, 2],
  );
  assert.equal(nearestIndex([], 5), -1);
  assert.equal(nearestIndex([7], 1e15), 0);
});

test("whatever the values are, they are drawn within the plot, and the highest above the lowest", () => {
  const size = { width: 400, height: 180 };
  for (const [low, high] of [
    [0, 100],
    [-1e308, 1e308],
    [0, Number.MAX_VALUE],
    [0, 1e-200],
    [-1e-200, 1e-200],
    [-5, -1],
    [0, 1e-310],
    [0, 0],
  ] as const)
    for (const unit of ["count", "bytes", "percent"]) {
      const values = valueTicks(low, high, unit).map((at) => ({ at, text: "" }));
      const { x, y, at, top, bottom, left, right } = plotFrame({ from: 1_000, to: 2_000, values }, size);
      const ends = [y(low), y(high)] as const;
      assert.ok(
        ends.every((end) => end >= top && end <= bottom + 1e-9),
        `${low} ${high} ${unit}: ${ends}`,
      );
      if (high - low > 1e-300) assert.ok(ends[1] < ends[0], `${low} ${high} ${unit}: ${ends}`);
      assert.deepEqual([x(1_000), x(2_000), at(left), at(right)], [left, right, 1_000, 2_000]);
    }
  const alone = plotFrame({ from: 5_000, to: 5_000, values: [] }, size);
  assert.equal(alone.x(5_000), (alone.left + alone.right) / 2, "an instant alone stands in the middle");
});

test("a value axis has round figures from below the lowest to above the highest, of bytes powers of two", () => {
  const texts = (low: number, high: number, unit: Unit) =>
    valueTicks(low, high, unit).map((tick) => formatText(tick, unit));
  assert.deepEqual(texts(0, 55.6, "percent"), ["0.0 %", "20.0 %", "40.0 %", "60.0 %"]);
  assert.deepEqual(texts(0, 98, "percent").at(-1), "100 %");
  assert.deepEqual(texts(0, 100, "percent").at(-1), "100 %");
  assert.deepEqual(texts(0, 900 * 1024, "bytes"), ["0 B", "256 KiB", "512 KiB", "768 KiB", "1 MiB"]);
  assert.deepEqual(valueTicks(0, 4, "count", 3), [0, 2, 4, 6], "of a low chart a few, so that none is left out");
  assert.deepEqual(texts(0, 0, "bytes"), ["0 B", "512 B", "1 KiB"]);
  assert.deepEqual(texts(0, 4.2, "count"), ["0", "1", "2", "3", "4", "5"]);
  assert.deepEqual(texts(-33.1, 12, "percent"), [
    "-40.0 %",
    "-30.0 %",
    "-20.0 %",
    "-10.0 %",
    "0.0 %",
    "10.0 %",
    "20.0 %",
  ]);
  assert.deepEqual(texts(-3, -1, "celsius").at(-1), "0.0 °C");
  for (const high of [1e-9, 0.003, 0.97, 7, 1023, 1e6, 1e15])
    for (const unit of ["count", "bytes", "percent", "ms"] as const) {
      const ticks = valueTicks(-high / 3, high, unit);
      assert.ok(ticks.length >= 3 && ticks.length <= 8, `${high} ${unit}: ${ticks}`);
      assert.ok(
        (ticks[0] ?? 0) <= -high / 3 && (ticks.at(-1) ?? 0) >= high && ticks.includes(0),
        `${high} ${unit}: ${ticks}`,
      );
    }
});

test("time ticks are round and no more than fit", () => {
  const from = Date.UTC(2026, 0, 1, 9, 3);
  const ticks = timeTicks(from, from + HOUR_MS, 8, "Asia/Kolkata");
  assert.ok(ticks.length > 2 && ticks.length <= 8);
  assert.ok(ticks.every((tick) => tick % 600_000 === 0));
});

test("ticks of a long axis are the midnights of the reader's calendar, each day once, also where clocks are changed", () => {
  for (const zone of [
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "America/Havana",
    "Asia/Kolkata",
    "UTC",
  ])
    for (const from of [
      Date.UTC(2026, 9, 20, 7),
      Date.UTC(2026, 2, 25, 7),
      Date.UTC(2026, 9, 1, 3),
      Date.UTC(2026, 9, 29),
    ])
      for (const days of [3, 6, 8, 30]) {
        const ticks = timeTicks(from, from + days * DAY_MS, 8, zone);
        assert.ok(ticks.length <= 9 && ticks.length >= 2, `${zone} ${days}: ${ticks.length}`);
        const local = ticks.map((at) => localTime(zone, at));
        const what = `${zone}: ${local.map((at) => new Date(at).toISOString())}`;
        if (days < 6)
          assert.ok(
            local.every((at) => at % HOUR_MS === 0 || days === 3),
            what,
          );
        else {
          assert.equal(new Set(local).size, ticks.length, what);
          assert.ok(
            local.every((at) => at % DAY_MS === 0),
            what,
          );
        }
      }
});

test("a chart says what stands in where its own steps are not kept any more, and nothing else", () => {
  const note = (stepMs: number, ...resolutions: Resolution[]) => resolutionNote({ resolutions, stepMs });
  assert.equal(note(5_000, "raw"), undefined);
  assert.equal(note(HOUR_MS, "raw", "minute", "hour"), undefined);
  assert.equal(note(5_000), undefined);
  assert.match(note(15_000, "raw", "hour") ?? "", /^in part 1-hour means/);
  assert.match(note(15_000, "minute", "hour") ?? "", /^1-minute means and 1-hour means/);
});

test("the ninth line is told from the first by its dashes", () => {
  assert.equal(lineLook(8).stroke, lineLook(0).stroke);
  assert.notEqual(lineLook(8).strokeDasharray, lineLook(0).strokeDasharray);
});
