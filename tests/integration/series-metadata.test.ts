import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Spool } from "#lib/collect/spool.ts";
import type { Database } from "#lib/db/client.ts";
import type { Frame, Reading } from "#lib/metrics/frame.ts";
import { Hub, type LiveFrame } from "#lib/stream/hub.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { queryRange } from "#lib/tsdb/query.ts";
import { addHost, freshDatabase } from "../support/database.ts";

const START = Date.UTC(2026, 5, 1);

/** A shop that counts its orders, one a second, and its open carts, by OpenTelemetry's units. */
const shopFrame = (n: number, more: Reading[] = []): Frame => ({
  source: { kind: "opentelemetry", name: "shop" },
  at: START + n * MINUTE_MS,
  intervalMs: MINUTE_MS,
  readings: [
    { metric: "orders", labels: {}, value: n * 60, kind: "counter", unit: "{order}", help: "Orders placed" },
    { metric: "carts_total", labels: {}, value: 7, kind: "gauge", unit: "{cart}", help: "Open carts" },
    { metric: "latency_bucket", labels: { le: "0.1" }, value: n * 120, kind: "histogram", unit: "s", help: "Latency" },
    ...more,
  ],
});

const fill = async (writer: { append(frame: Frame): Promise<void> }, from: number, to: number) => {
  for (let n = from; n < to; n++) await writer.append(shopFrame(n));
};

async function pointsOf(db: Database, hostId: number, stepMs: number) {
  const range = { hostId, from: START + HOUR_MS, to: START + 5 * HOUR_MS, stepMs };
  const { series } = await queryRange(db, { ...range, series: ["orders", "carts_total", "latency_bucket"] });
  return series.map(({ metric, points }) => [metric, new Set(points.map(([, value]) => value))]);
}

test("an application's counter is a counter: before and after compaction, after a restart, and live", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  await fill(writer, 0, 200);
  const expected = [
    ["orders", new Set([1])],
    ["carts_total", new Set([7])],
    ["latency_bucket", new Set([2])],
  ];
  // What writes after a restart knows nothing but the database.
  const restarted = new FrameWriter(db, new Registry(db));
  await fill({ append: (frame) => restarted.append(hostId, frame) }, 200, 400);
  assert.deepEqual(await pointsOf(db, hostId, MINUTE_MS), expected);
  const { chunks } = await compactDue(db, START + 48 * HOUR_MS);
  assert.ok(chunks > 0);
  for (const step of [MINUTE_MS, HOUR_MS]) assert.deepEqual(await pointsOf(db, hostId, step), expected);

  const hub = new Hub(db);
  const frames: LiveFrame[] = [];
  hub.add({ onFrame: (frame) => frames.push(frame), onStale: () => undefined, onAlerts: () => undefined });
  const [series] = await listSeries(db, hostId, [{ metric: "orders" }]);
  assert.ok(series);
  await writer.append(shopFrame(400));
  await hub.notice({ host: hostId, source: series.sourceId, at: shopFrame(400).at, storedAt: 0 });
  assert.equal(frames.at(-1)?.values.get(series.id), 1);
});

test("series say what they are; unit and help are those that came last; another kind is another series", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  await fill(writer, 0, 2);
  const metadata = async () =>
    (await listSeries(db, hostId, [{ metric: "orders" }])).map(({ kind, unit, help }) => [kind, unit, help]);
  assert.deepEqual(await metadata(), [["counter", "{order}", "Orders placed"]]);
  const renamed = shopFrame(2);
  Object.assign(renamed.readings[0] as object, { unit: "1", help: "Orders" });
  await writer.append(renamed);
  assert.deepEqual(await metadata(), [["counter", "1", "Orders"]]);
  const changed = shopFrame(3);
  Object.assign(changed.readings[0] as object, { kind: "gauge", value: 3 });
  await writer.append(changed);
  assert.deepEqual((await metadata()).map(([kind]) => kind).sort(), ["counter", "gauge"]);
});

test("one registry serves many hosts, and their series stay apart", async () => {
  const { db } = await freshDatabase();
  const [first, second] = [await addHost(db, "one"), await addHost(db, "two")];
  const writer = new FrameWriter(db, new Registry(db));
  for (const { hostId } of [first, second]) await writer.append(hostId, shopFrame(0));
  const [ofFirst, ofSecond] = [await listSeries(db, first.hostId), await listSeries(db, second.hostId)];
  assert.equal(ofFirst.length, 3);
  assert.ok(ofFirst.every(({ id }) => ofSecond.every((other) => other.id !== id)));
});

test("one bad reading never takes the others of its frame with it", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  const bad: Reading[] = [
    { metric: "a\u0000b", labels: {}, value: 1 },
    { metric: "\ud800", labels: {}, value: 1 },
    { metric: "", labels: {}, value: 1 },
    { metric: "x".repeat(301), labels: {}, value: 1 },
    { metric: "label", labels: { name: "a\u0000" }, value: 1 },
    { metric: "kind", labels: {}, value: 1, kind: "summary" as "gauge" },
    { metric: "orders", labels: {}, value: 5, kind: "gauge" },
  ];
  const odd: Reading[] = [Number.NaN, Number.POSITIVE_INFINITY, 1e308, -1e308, 1e-200, -0].map((value, n) => ({
    metric: `odd.${n}`,
    labels: {},
    value,
  }));
  await writer.append(shopFrame(0, [...bad, ...odd]));
  const stored = await db.$queryRaw<{ values: (number | null)[] }[]>`SELECT "values" FROM frame`;
  assert.deepEqual(stored[0]?.values, [0, 7, 0, null, null, 1e308, -1e308, 1e-200, 0]);
  assert.equal((await listSeries(db, hostId)).length, 9);
  const shapeless = { ...shopFrame(1), source: { kind: "no kind\u0000", name: "" } };
  await assert.rejects(writer.append(shapeless), /is no kind of source/);
});

test("frames that wait on the disk keep what their series are, and those of the version before are replayed", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-spool-"));
  const before = [
    { shape: 0, source: { kind: "host", name: "" }, intervalMs: 5_000, series: [["cpu.usage", {}]] },
    { of: 0, at: START, values: [12] },
  ];
  writeFileSync(join(dir, "000000000000001-0000.ndjson"), before.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const spool = new Spool(dir);
  spool.append(shopFrame(1));
  const frames: Frame[] = [];
  await spool.drain(async (batch) => void frames.push(...batch));
  rmSync(dir, { recursive: true });
  assert.deepEqual(frames, [
    {
      source: { kind: "host", name: "" },
      at: START,
      intervalMs: 5_000,
      readings: [{ metric: "cpu.usage", labels: {}, value: 12 }],
    },
    shopFrame(1),
  ]);
});
