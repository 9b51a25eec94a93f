import assert from "node:assert/strict";
import { test } from "node:test";
import { TimeFormat, UTC_STYLE } from "#lib/format/date-time.ts";
import { drawChart } from "#lib/reports/drawing.ts";
import { chartPng } from "#lib/reports/picture.ts";
import { nextRun } from "#lib/time/cron.ts";

const next = (cron: string, zone: string, after: string) => nextRun({ cron, zone }, Date.parse(after)).toISOString();

test("a schedule keeps to the clock of its zone, over both changes of clocks", () => {
  assert.equal(next("0 7 * * 1", "UTC", "2026-11-24T10:00:00Z"), "2026-11-30T07:00:00.000Z");
  assert.equal(next("0 7 * * *", "Europe/Berlin", "2026-03-28T08:00:00Z"), "2026-03-29T05:00:00.000Z");
  assert.equal(next("0 7 * * *", "Europe/Berlin", "2026-10-24T08:00:00Z"), "2026-10-25T06:00:00.000Z");
  assert.equal(next("0 7 1 * *", "America/New_York", "2026-01-31T00:00:00Z"), "2026-02-01T12:00:00.000Z");
});

test("a time that the clock skips in spring comes once all the same, and what is no schedule is refused", () => {
  const first = nextRun({ cron: "30 2 * * *", zone: "Europe/Berlin" }, Date.parse("2026-03-28T12:00:00Z"));
  const second = nextRun({ cron: "30 2 * * *", zone: "Europe/Berlin" }, first.getTime());
  assert.equal(first.toISOString().slice(0, 10), "2026-03-29");
  assert.equal(second.toISOString(), "2026-03-30T00:30:00.000Z");
  assert.throws(() => next("every monday", "UTC", "2026-01-01T00:00:00Z"), /is no schedule/);
  assert.throws(() => next("0 7 * * *", "Middle/Earth", "2026-01-01T00:00:00Z"), /is not a time zone/);
});

test("a chart's line begins where its period does, and breaks where samples are missing", () => {
  const points: [number, number | null][] = [
    [-10, 1],
    [0, 1],
    [10, 2],
    [20, null],
    [30, 4],
    [40, 3],
  ];
  const { lines, values, times } = drawChart(
    { title: "x", unit: "load", rate: false, lines: [{ name: "a", points }] },
    { from: 0, to: 40 },
    new TimeFormat(UTC_STYLE),
  );
  assert.deepEqual(lines[0]?.path.match(/[ML]/g), ["M", "L", "M", "L"]);
  assert.ok(values.length >= 3 && values.length <= 7 && times.length >= 0);
});

test("a chart is a PNG with lines and letters on it, also on a machine without a font", () => {
  const points = Array.from({ length: 50 }, (_, n): [number, number | null] => [n * 60_000, n === 20 ? null : n]);
  const chart = { title: "CPU <&>", unit: "percent" as const, rate: false, lines: [{ name: "cpu.usage", points }] };
  const png = Buffer.from(chartPng(chart, { from: 0, to: 3_000_000 }, new TimeFormat(UTC_STYLE)));
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.equal(png.readUInt32BE(16), 1_440);
  const empty = Buffer.from(chartPng({ ...chart, lines: [] }, { from: 0, to: 3_000_000 }, new TimeFormat(UTC_STYLE)));
  assert.ok(png.length > empty.length + 500 && empty.length > 3_000, `${png.length} ${empty.length}`);
});
