import assert from "node:assert/strict";
import { test } from "node:test";
import { lineLook } from "#components/charts/palette.ts";
import { lineNames, toRows } from "#components/charts/rows.ts";
import { timeTicks } from "#lib/format/time-axis.ts";
import { axisTicks, axisTop } from "#lib/format/value-axis.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

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

test("a chart's rows are in order of time, a column a series, gaps kept", () => {
  const base = { metric: "m", labels: {}, name: "m", unit: "count" as const, kind: "gauge" as const, intervalMs: 1 };
  const rows = toRows([
    {
      ...base,
      id: 1,
      points: [
        [1, 10],
        [3, null],
      ],
    },
    { ...base, id: 2, points: [[2, 5]] },
  ]);
  assert.deepEqual(rows, [
    { at: 1, s1: 10 },
    { at: 2, s2: 5 },
    { at: 3, s1: null },
  ]);
});

test("an axis ends above the highest value at a figure whose quarters read well", () => {
  assert.equal(axisTop(55.6, "percent"), 60);
  assert.equal(axisTop(98, "percent"), 100);
  assert.equal(axisTop(0, "percent"), 1);
  assert.equal(axisTop(0, "bytes"), 1024);
  assert.equal(axisTop(79 * 1024 ** 2, "bytes"), 100 * 1024 ** 2);
  assert.ok(axisTop(999, "count") >= 999);
  assert.deepEqual(axisTicks(100), [0, 25, 50, 75, 100]);
});

test("time ticks are round and no more than fit", () => {
  const from = Date.UTC(2026, 0, 1, 9, 3);
  const ticks = timeTicks(from, from + HOUR_MS, 8);
  assert.ok(ticks.length > 2 && ticks.length <= 8);
  assert.ok(ticks.every((tick) => tick % 600_000 === 0));
});

test("the ninth line is told from the first by its dashes", () => {
  assert.equal(lineLook(8).stroke, lineLook(0).stroke);
  assert.notEqual(lineLook(8).strokeDasharray, lineLook(0).strokeDasharray);
});
