import assert from "node:assert/strict";
import { before, test } from "node:test";
import { DetectionRunner } from "#lib/anomalies/detection-runner.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import type { Database } from "#lib/db/client.ts";
import { listFailures, recordRound, removeForgotten, runParts } from "#lib/jobs/failures.ts";
import { draftReport } from "#lib/reports/compose.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

// A task is a loop over many things: whatever is wrong with one of them, the others are done, and a page says which and why.

const START = Date.UTC(2026, 2, 2);
const NOW = START + 2 * DAY_MS;
const METRICS = ["cpu.usage", "memory.usage", "postgres.response", "network.receive", "system.processes"];

let db: Database;
let url: string;
const hosts = new Map<string, number>();

before(async () => {
  ({ db, url } = await freshDatabase());
  for (const name of ["db-1", "web-1"]) {
    const id = await addHistory(url, name, {
      series: METRICS.map((metric): [string] => [metric]),
      ...{ from: START, to: NOW, stepMs: MINUTE_MS },
      valuesAt: (at) => METRICS.map((_, n) => 20 + n + Math.sin(at / 7919)),
    });
    hosts.set(name, id);
  }
});

const failing = async (now: number) =>
  (await listFailures(db, now)).map(({ task, subject, attempts }) => [task, subject, attempts]);

test("a series whose stored samples are damaged keeps no other from being watched, and is watched again once it can be read", async () => {
  await compactDue(db, NOW + DAY_MS);
  const [damaged] = (await listSeries(db, hosts.get("db-1") as number)).filter(
    ({ metric }) => metric === "memory.usage",
  );
  const where = { hostId: hosts.get("db-1") as number, seriesId: damaged?.id as number };
  const chunks = await db.chunk.findMany({ where });
  await db.chunk.updateMany({ where, data: { data: Buffer.from("not a chunk") } });
  const runner = new DetectionRunner(db, "UTC");
  await runner.step(DEFAULT_SETTINGS, NOW);
  assert.deepEqual(await failing(NOW), [["detection", "db-1: memory.usage", 1]]);
  await runner.save(NOW);
  const watched = async () => (await db.detectorState.findMany()).length;
  assert.equal(await watched(), 2 * METRICS.length - 1);
  await runner.step(DEFAULT_SETTINGS, NOW + 30 * SECOND_MS);
  assert.deepEqual(await failing(NOW), [["detection", "db-1: memory.usage", 1]], "it is left alone for a minute");
  await runner.step(DEFAULT_SETTINGS, NOW + 2 * MINUTE_MS);
  assert.deepEqual(await failing(NOW), [["detection", "db-1: memory.usage", 2]]);
  for (const { hostId, seriesId, resolution, start, data } of chunks)
    await db.chunk.updateMany({ where: { hostId, seriesId, resolution, start }, data: { data } });
  await runner.step(DEFAULT_SETTINGS, NOW + 5 * MINUTE_MS);
  await runner.save(NOW + 5 * MINUTE_MS);
  assert.deepEqual(await failing(NOW), []);
  assert.equal(await watched(), 2 * METRICS.length);
});

test("a section of a report that cannot be built says so, and the others are built", async () => {
  const where = { hostId: hosts.get("db-1") as number };
  const chunks = await db.chunk.findMany({ where });
  await db.chunk.updateMany({ where, data: { data: Buffer.from("not a chunk") } });
  const request = { type: "performance" as const, from: START + DAY_MS, to: NOW };
  const { sections } = await draftReport(db, request, { now: NOW });
  assert.equal(sections.length, 2);
  assert.match(sections[0]?.words.join() ?? "", /^This section could not be built/);
  assert.ok((sections[1]?.figures.length ?? 0) > 0);
  const fleet = await draftReport(db, { ...request, type: "custom", sectionNames: ["hosts"] }, { now: NOW });
  assert.deepEqual(
    fleet.sections[0]?.table?.rows.map(([host]) => host),
    ["web-1"],
  );
  assert.match(fleet.sections[0]?.words.join() ?? "", /The figures of db-1 could not be read/);
  for (const { seriesId, resolution, start, data } of chunks)
    await db.chunk.updateMany({ where: { ...where, seriesId, resolution, start }, data: { data } });
});

test("a span that cannot be compacted keeps no other back, of its source or of another host", async () => {
  const fresh = await freshDatabase();
  const names = ["a", "b"];
  for (const name of names)
    await addHistory(fresh.url, name, {
      series: [["cpu.usage"]],
      ...{ from: START, to: START + 13 * HOUR_MS, stepMs: MINUTE_MS },
      valuesAt: () => [1],
    });
  const [first] = await fresh.db.host.findMany({ where: { name: "a" } });
  await fresh.db.$executeRawUnsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.host_id = ${first?.id} AND NEW.start = '2026-03-02 00:00+00' AND NEW.resolution = 0 THEN RAISE EXCEPTION 'the index is damaged'; END IF;
      RETURN NEW; END $$`);
  await fresh.db.$executeRawUnsafe(
    "CREATE TRIGGER refuse BEFORE INSERT ON chunk FOR EACH ROW EXECUTE FUNCTION refuse()",
  );
  const now = START + 20 * HOUR_MS;
  await compactDue(fresh.db, now, { runParts: (parts) => runParts(fresh.db, "compaction", parts, { now }) });
  const [failure, ...others] = await listFailures(fresh.db, now);
  assert.deepEqual(others, []);
  assert.match(failure?.subject ?? "", new RegExp(`^host ${first?.id}, .*2026-03-02 00:00 UTC$`));
  assert.match(failure?.reason ?? "", /the index is damaged/);
  assert.equal(await fresh.db.frame.count({ where: { at: { lt: new Date(START + 12 * HOUR_MS) } } }), 360);
  await fresh.db.$executeRawUnsafe("DROP TRIGGER refuse ON chunk");
  const later = now + 2 * MINUTE_MS;
  await compactDue(fresh.db, later, { runParts: (parts) => runParts(fresh.db, "compaction", parts, { now: later }) });
  assert.deepEqual(await listFailures(fresh.db, later), []);
});

test("the pause between attempts doubles up to an hour, a clock set back does not prolong it, and what is gone is forgotten", async () => {
  const fresh = await freshDatabase();
  let tries = 0;
  const parts = [
    {
      subject: "bad",
      run: async () => {
        tries++;
        throw new Error(`\u0000 half a \ud83d of ${"a long story ".repeat(100)}`);
      },
    },
  ];
  const at = (now: number) => runParts(fresh.db, "retention", parts, { now });
  const pauses: number[] = [];
  let now = NOW;
  for (let n = 0; n < 9; n++) {
    await at(now);
    const [failure] = await listFailures(fresh.db, now);
    pauses.push(((failure?.nextAt?.getTime() ?? 0) - now) / MINUTE_MS);
    now = failure?.nextAt?.getTime() ?? 0;
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
  assert.equal((await at(now - 30 * MINUTE_MS)).waiting, 1);
  assert.equal((await at(now - 2 * DAY_MS)).failed, 1, "a clock that was ahead holds nothing back");
  await recordRound(fresh.db, "detection", new Error("it takes longer than 600 s"), now);
  assert.equal((await listFailures(fresh.db, now - 2 * DAY_MS)).length, 2);
  await recordRound(fresh.db, "detection", undefined, now);
  assert.equal((await listFailures(fresh.db, now - 2 * DAY_MS)).length, 1);
  await removeForgotten(fresh.db, now);
  assert.deepEqual(await listFailures(fresh.db, now - 2 * DAY_MS), []);
  assert.equal(tries, 10);
});
