import assert from "node:assert/strict";
import { before, test } from "node:test";
import { checkTrail, firstBroken } from "#lib/audit/check.ts";
import { listAuditEvents, recordAuditEvent } from "#lib/audit/trail.ts";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import type { Database } from "#lib/db/client.ts";
import { auditTable } from "#lib/exports/audit-table.ts";
import { assertExportable } from "#lib/exports/limits.ts";
import { prepareExport } from "#lib/exports/prepare.ts";
import { samplesTable } from "#lib/exports/samples.ts";
import type { Cell } from "#lib/tables/table.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { findSeries } from "#lib/tsdb/query.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const START = Date.UTC(2026, 7, 3);

let db: Database;
let host: { id: number; name: string };

const values = (n: number) => [n % 100, 1_000 * n, 40 + Math.sin(n)];

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  const id = await addHistory(fresh.url, "web-1", {
    series: [["cpu.usage"], ["network.receive.bytes", { interface: "eth0" }], ["memory.usage"]],
    from: START,
    to: START + 2 * DAY_MS,
    stepMs: MINUTE_MS,
    valuesAt: (_, n) => values(n),
  });
  host = { id, name: "web-1" };
  // Sealed in part, so that an export reads across segments and frames.
  await compactDue(db, START + DAY_MS);
});

const named = (names: string[]) => findSeries(db, host.id, names);

const all = async (rows: AsyncIterable<Cell[][]>) => {
  const list: Cell[][] = [];
  for await (const batch of rows) list.push(...batch);
  return list;
};

test("every sample is exported once, in order of time, sealed or not; and a range goes on where another ended", async () => {
  const wanted = {
    host,
    series: await named(["cpu.usage", "network.receive.bytes"]),
    from: START,
    to: START + 2 * DAY_MS,
  };
  const rows = await all((await samplesTable(db, wanted)).rows);
  assert.equal(rows.length, 2 * 2 * 1_440);
  const cpu = rows.filter(([, , series]) => series === "cpu.usage");
  cpu.forEach(([time, name, , unit, value], n) => {
    assert.deepEqual([Number(time), name, unit, value], [START + n * MINUTE_MS, "web-1", "percent", n % 100]);
  });
  const middle = START + 20.5 * HOUR_MS + 17;
  const parts = [
    ...(await all((await samplesTable(db, { ...wanted, to: middle })).rows)),
    ...(await all((await samplesTable(db, { ...wanted, from: middle })).rows)),
  ];
  assert.deepEqual(parts, rows);
});

test("in steps a counter is a rate, and a gauge its mean", async () => {
  const wanted = {
    host,
    series: await named(["cpu.usage", "network.receive.bytes"]),
    from: START,
    to: START + DAY_MS,
    stepMs: HOUR_MS,
  };
  const rows = await all((await samplesTable(db, wanted)).rows);
  assert.equal(rows.length, 48);
  const [gauge, counter] = [rows.find((r) => r[2] === "cpu.usage"), rows.findLast((r) => r[3] === "bytes/s")];
  assert.equal(gauge?.[4], 29.5);
  assert.ok(Math.abs(Number(counter?.[4]) - 1_000 / 60) < 1e-9);
});

test("a wide table has a column for each series, with nothing where one has no sample", async () => {
  const wanted = {
    host,
    series: await named(["cpu.usage", "memory.usage"]),
    from: START,
    to: START + DAY_MS,
    wide: true,
  };
  const table = await samplesTable(db, wanted);
  assert.deepEqual(
    table.columns.map(({ title }) => title),
    ["Time", "cpu.usage (percent)", "memory.usage (percent)"],
  );
  const rows = await all(table.rows);
  assert.deepEqual(rows[7]?.slice(1), [7, 40 + Math.sin(7)]);
  assert.equal(rows.length, 1_440);
  const [chart, ...others] = (await table.attachments?.())?.charts ?? [];
  assert.equal(others.length, 0);
  assert.deepEqual(
    chart?.lines.map(({ name, points }) => [name, points.length > 100 && points.length <= 500]),
    [
      ["cpu.usage", true],
      ["memory.usage", true],
    ],
  );
});

test("what an expression gives is exported with a column for each label, or for each series; what it cannot give is said", async () => {
  const actor = { role: "viewer" as const, format: "csv" as const, now: START + 2 * DAY_MS };
  const request = {
    ...{ kind: "expression" as const, query: '{__name__=~"cpu_usage|memory_usage"} > 60' },
    ...{ from: String(START), to: String(START + 2 * HOUR_MS), step: 5 * MINUTE_MS },
  };
  const open = (more: Partial<Extract<ExportRequest, { kind: "expression" }>>) =>
    prepareExport(db, { ...request, layout: "long", ...more }, actor);
  const { table, rows, details } = await open({});
  const titles = table.columns.map(({ title }) => title);
  assert.deepEqual(titles, ["Time", "__name__", "host", "Value"]);
  const found = await all(table.rows);
  assert.deepEqual(found[0], [new Date(START + 65 * MINUTE_MS), "cpu_usage", "web-1", 65]);
  assert.equal(rows, found.length);
  assert.equal(details.query, request.query);
  const infinite = 'label_replace(log10(0 * cpu_usage), "kind", "log", "", "")';
  const query = `{__name__=~"cpu_usage|memory_usage"} or ${infinite}`;
  const wide = (await open({ query, layout: "wide" })).table;
  assert.deepEqual(
    wide.columns.map(({ title }) => title),
    [
      "Time",
      '{__name__="cpu_usage", host="web-1"}',
      '{__name__="memory_usage", host="web-1"}',
      '{host="web-1", kind="log"}',
    ],
  );
  assert.deepEqual((await all(wide.rows))[12], [new Date(START + HOUR_MS), 60, 40 + Math.sin(60), null]);
  assert.deepEqual(await all((await open({ query: "nothing_at_all" })).table.rows), []);
  await assert.rejects(open({ query: "rate(cpu_usage" }), /parse error/);
  await assert.rejects(open({ to: String(START) }), /must be later than `from`/);
  await assert.rejects(open({ query: "cpu_usage", step: 1 }), /resolution/);
});

test("which series are the top ones is judged once over all of a range, and does not change on the way", async () => {
  const names = ["cpu.usage", "memory.usage"];
  // By the minute over two days: more steps than are read at once.
  const wanted = { host, series: await named(names), from: START, to: START + 2 * DAY_MS, stepMs: MINUTE_MS, top: 1 };
  const rows = await all((await samplesTable(db, wanted)).rows);
  assert.equal(rows.length, 2 * 1_440);
  assert.deepEqual([...new Set(rows.map(([, , series]) => series))], ["cpu.usage"]);
});

test("whatever is listed can be exported, and single samples are not joined", async () => {
  const reader = { role: "viewer" as const, format: "csv" as const, now: START + 2 * DAY_MS };
  const span = { from: "now-7d", to: "now" };
  for (const request of [
    { kind: "anomalies", ...span },
    { kind: "incidents", ...span },
    { kind: "alerts", ...span },
    { kind: "hosts" },
    { kind: "insights" },
    { kind: "experiments" },
  ] as ExportRequest[]) {
    const { table } = await prepareExport(db, request, reader);
    const rows = await all(table.rows);
    for (const row of rows) assert.equal(row.length, table.columns.length);
    if (request.kind === "hosts") assert.equal(rows[0]?.[1], "web-1");
    if (request.kind === "insights") assert.ok(rows.some(([kind]) => kind === "bottleneck"));
  }
  const joined: ExportRequest = { kind: "samples", series: ["cpu.usage"], ...span, layout: "long", by: "host" };
  await assert.rejects(prepareExport(db, joined, reader), /Name a step/);
});

test("what is too much for a role or a worksheet is refused before a byte is written", async () => {
  const wanted = { host, series: await named(["cpu.usage"]), from: START - 4_000 * DAY_MS, to: START + 2 * DAY_MS };
  await assert.rejects(
    assertExportable(db, wanted, { format: "csv", role: "viewer" }),
    /your role exports at most 1000000/,
  );
  await assert.rejects(
    assertExportable(db, wanted, { format: "xlsx", role: "admin" }),
    /a worksheet holds 1048575 rows: take CSV/,
  );
  assert.ok((await assertExportable(db, wanted, { format: "csv", role: "admin" })) > 5_000_000);
  const direct = { format: "csv" as const, role: "admin" as const, direct: true };
  await assert.rejects(assertExportable(db, wanted, direct), /more than 2000000 are made in the background/);
  const nothing: ExportRequest = { kind: "samples", series: ["nothing"], from: "now-1d", to: "now", layout: "long" };
  await assert.rejects(prepareExport(db, nothing, { format: "csv", role: "admin", now: START + DAY_MS }), /nothing/);
});

test("the audit trail is a chain: an entry that is changed or taken out is found", async () => {
  const event = {
    userId: null,
    email: "ana@example.org",
    action: "export" as const,
    details: { format: "csv", rows: 5 },
    now: START,
  };
  await Promise.all(
    Array.from({ length: 5 }, (_, n) => recordAuditEvent(db, { ...event, subject: `table ${n}`, now: START + n })),
  );
  assert.equal(await firstBroken(db), undefined);
  const rows = await all(auditTable(db, { from: START, to: START + DAY_MS }).rows);
  assert.equal(rows.length, 5);
  const newest = await listAuditEvents(db, { from: START, to: START + DAY_MS, limit: 2 });
  assert.equal(newest.length, 2);
  const older = await listAuditEvents(db, { from: START, to: START + DAY_MS, before: newest[1]?.id, limit: 10 });
  assert.equal(older.length, 3);
  assert.deepEqual(await checkTrail(db), { entries: 5, broken: null });
  const [, , third, fourth] = await db.auditEvent.findMany({ orderBy: { id: "asc" } });
  await db.auditEvent.update({ where: { id: third?.id ?? 0 }, data: { subject: "another" } });
  assert.equal(await firstBroken(db), third?.id);
  await db.auditEvent.update({ where: { id: third?.id ?? 0 }, data: { subject: third?.subject ?? "" } });
  await db.auditEvent.delete({ where: { id: third?.id ?? 0 } });
  assert.equal(await firstBroken(db), fourth?.id);
});
