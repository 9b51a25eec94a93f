import assert from "node:assert/strict";
import { test } from "node:test";
import type { Aggregate } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { updateHost } from "#lib/hosts/update-host.ts";
import { mergeHosts } from "#lib/merge/merge-hosts.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { queryRange } from "#lib/tsdb/query.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

const START = Math.floor(Date.UTC(2026, 5, 1) / DAY_MS) * DAY_MS;
const STEP_MS = 30_000;
type Host = Awaited<ReturnType<typeof addHost>>;

/** Samples from `from` to `to`, some missing: a gauge, a counter, and a series that is there for a while only. */
async function fill(hosts: Host[], from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += STEP_MS) {
    const n = (at - START) / STEP_MS;
    if (n % 89 === 7) continue;
    const readings: Parameters<typeof frame>[1] = [
      ["cpu.usage", Math.round(5_000 + 4_000 * Math.sin(n / 9)) / 100],
      ["network.receive.bytes", n * 4_096, { interface: "eth0" }],
    ];
    if (n % 400 < 100) readings.push(["load.1m", n / 8]);
    for (const { writer } of hosts) await writer.append(frame(at, readings, STEP_MS));
  }
}

const SPANS: [number, number, number, Aggregate | undefined][] = [
  [START, START + 2 * DAY_MS, HOUR_MS, undefined],
  [START, START + 2 * DAY_MS, HOUR_MS, "max"],
  [START, START + 2 * DAY_MS, HOUR_MS, "count"],
  [START, START + 2 * DAY_MS, 10 * MINUTE_MS, "increase"],
  [START + 8 * HOUR_MS, START + 18 * HOUR_MS, MINUTE_MS, "min"],
  [START + 11 * HOUR_MS, START + 15 * HOUR_MS, STEP_MS, undefined],
];

const readAll = (db: Database, hostId: number) =>
  Promise.all(
    SPANS.map(async ([from, to, stepMs, aggregate]) => {
      const series = ["cpu.usage", "network.receive.bytes", "load.1m"];
      const read = await queryRange(db, { hostId, series, from, to, stepMs, aggregate });
      return read.series.map(({ metric, points }) => [
        metric,
        points.map(([at, value]) => [at - START, value === null ? null : Number(value.toPrecision(9))]),
      ]);
    }),
  );

test("a host that goes on for a retired one has the history of both, as if it had been one all along", async () => {
  const { db } = await freshDatabase();
  const [old, kept, reference] = [await addHost(db, "old"), await addHost(db, "kept"), await addHost(db, "reference")];
  // Both have samples of the six hours from noon on; the old one's last hours and the other's first aren't compacted.
  await fill([old, reference], START, START + 13 * HOUR_MS);
  await compactDue(db, START + 14 * HOUR_MS);
  await fill([kept, reference], START + 13.2 * HOUR_MS, START + 20 * HOUR_MS);
  await compactDue(db, START + 19 * HOUR_MS);
  await fill([kept, reference], START + 20 * HOUR_MS, START + 26 * HOUR_MS);
  const expected = await readAll(db, reference.hostId);
  await updateHost(db, old.hostId, { retired: true });
  await mergeHosts(db, { from: old.hostId, into: kept.hostId });
  assert.deepEqual(await readAll(db, kept.hostId), expected);
  await compactDue(db, START + 10 * DAY_MS);
  assert.deepEqual(await readAll(db, kept.hostId), expected);
  for (const table of ["source", "series", "frameSchema", "frame", "chunk"] as const) {
    const left = await (db[table] as typeof db.source).count({ where: { hostId: old.hostId } });
    assert.equal(left, 0, table);
  }
  assert.equal(await db.host.findUnique({ where: { id: old.hostId } }), null);
});

test("of samples that both took at one instant those of the host that goes on count", async () => {
  const { db } = await freshDatabase();
  const [old, kept] = [await addHost(db, "old"), await addHost(db, "kept")];
  const both = async (at: number) => {
    await old.writer.append(frame(at, [["cpu.usage", 1]], STEP_MS));
    await kept.writer.append(frame(at, [["cpu.usage", 2]], STEP_MS));
  };
  await both(START);
  await both(START + DAY_MS);
  // The newest frame of a source is not compacted.
  await kept.writer.append(frame(START + 2 * DAY_MS, [["cpu.usage", 2]], STEP_MS));
  await compactDue(db, START + 2 * DAY_MS);
  await updateHost(db, old.hostId, { retired: true });
  await mergeHosts(db, { from: old.hostId, into: kept.hostId });
  await compactDue(db, START + 2 * DAY_MS);
  const range = { from: START, to: START + 2 * DAY_MS, stepMs: MINUTE_MS };
  const { series } = await queryRange(db, { hostId: kept.hostId, series: ["cpu.usage"], ...range });
  const values = series[0]?.points.filter(([, value]) => value !== null).map(([, value]) => value);
  assert.deepEqual(values, [2, 2]);
});

test("alerts, anomalies, annotations and processes go along, and rules and reports name the host that goes on", async () => {
  const { db } = await freshDatabase();
  const [old, kept] = [await addHost(db, "old"), await addHost(db, "kept")];
  await fill([old, kept], START, START + 5 * STEP_MS);
  const { hostId: from } = old;
  const { hostId: into } = kept;
  const cpu = await db.series.findFirstOrThrow({ where: { hostId: from, metric: "cpu.usage" } });
  const at = new Date(START);
  const incident = await db.incident.create({ data: { hostId: from, startedAt: at, lastAt: at } });
  const found = { severity: "warning", type: "spike", source: "learned", direction: "up" } as const;
  await db.performanceAnomaly.create({
    data: {
      ...{ hostId: from, seriesId: cpu.id, incidentId: incident.id, metric: "cpu.usage", series: "cpu.usage" },
      ...{ ...found, detectedAt: at, lastAt: at, endedAt: at, reason: "high" },
      ...{ score: 1, evidence: 9, confidence: 1, value: 9, expected: 1, deviation: 8 },
    },
  });
  const which = { hostId: from, incidentId: incident.id };
  await db.incidentEvent.create({ data: { ...which, at, kind: "commented", text: "looking" } });
  const learned = { title: "a", summary: "", impact: "", timeline: "", cause: "", remedy: "", followUps: "" };
  await db.postMortem.create({ data: { ...which, ...learned, version: 1, createdAt: at, updatedAt: at } });
  await db.annotation.create({ data: { hostId: from, at, kind: "deploy", text: "deployed" } });
  for (const hostId of [from, into])
    await db.processBlock.create({ data: { hostId, start: at, count: 0, data: Buffer.from([1]) } });
  await db.alertRule.create({
    data: {
      ...{
        name: "CPU",
        series: "cpu.usage",
        severity: "warning",
        hostIds: [into, from],
        enabled: false,
        aggregate: "avg",
      },
      ...{ windowMs: 60_000, condition: {}, forMs: 0, keepFiringMs: 0, noData: "keep", onError: "keep", labels: {} },
      ...{ note: "", runbook: "" },
    },
  });
  await updateHost(db, from, { retired: true });
  await mergeHosts(db, { from, into });
  const series = await db.series.findFirstOrThrow({ where: { hostId: into, metric: "cpu.usage" } });
  assert.deepEqual(
    (await db.performanceAnomaly.findMany()).map(({ hostId, seriesId }) => ({ hostId, seriesId })),
    [{ hostId: into, seriesId: series.id }],
  );
  assert.deepEqual(
    (await db.incident.findMany()).map(({ hostId }) => hostId),
    [into],
  );
  assert.deepEqual(
    [await db.incidentEvent.findFirst(), await db.postMortem.findFirst()].map((row) => row?.hostId),
    [into, into],
  );
  assert.deepEqual(
    (await db.annotation.findMany()).map(({ hostId }) => hostId),
    [into],
  );
  assert.deepEqual(
    (await db.alertRule.findMany({ where: { name: "CPU" } })).map(({ hostIds }) => hostIds),
    [[into]],
  );
  assert.deepEqual([await db.processBlock.count({ where: { hostId: into } }), await db.processSample.count()], [1, 1]);
});

test("what cannot be merged is refused with the reason, and nothing has moved", async () => {
  const { db } = await freshDatabase();
  const [old, kept] = [await addHost(db, "old"), await addHost(db, "kept")];
  await fill([old], START, START + 5 * STEP_MS);
  const [from, into] = [old.hostId, kept.hostId];
  await assert.rejects(mergeHosts(db, { from, into }), /still watched: retire it first/);
  await updateHost(db, from, { retired: true });
  await assert.rejects(mergeHosts(db, { from, into: from }), /into itself/);
  await assert.rejects(mergeHosts(db, { from, into: 4_711 }), /no host 4711/);
  await assert.rejects(mergeHosts(db, { from: 4_711, into }), /no host 4711/);
  await db.alertInstance.create({ data: { hostId: from, ruleId: 1, seriesId: 1, memory: {} } });
  await assert.rejects(mergeHosts(db, { from, into }), /alerts are still being ended/);
  await updateHost(db, into, { retired: true });
  await assert.rejects(mergeHosts(db, { from, into }), /restore it first/);
  assert.equal(await db.frame.count({ where: { hostId: from } }), 5);
  assert.equal(await db.source.count({ where: { hostId: into } }), 0);
});
