import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createUser } from "#lib/access/users.ts";
import { BACKED_UP, NOT_BACKED_UP, readBackup, writeBackup } from "#lib/backup/backup.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { readSettings } from "#lib/settings/store.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { queryRange } from "#lib/tsdb/query.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

const START = Date.UTC(2026, 5, 1);
const PASSPHRASE = "five words make a passphrase";
const dir = mkdtempSync(join(tmpdir(), "sightline-backup-"));
const PRISMA = join(import.meta.dirname, "..", "..", "prisma");
const quiet = () => undefined;
/** What a guess costs is not what these tests are about; the browser tests run the command with its real cost. */
const CHEAP = 8;
after(() => rmSync(dir, { recursive: true }));

test("every table is in a backup, or left out on purpose", async () => {
  const { db } = await freshDatabase();
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT relispartition AND relname <> '_prisma_migrations'`;
  assert.deepEqual(tables.map(({ name }) => name).sort(), [...BACKED_UP, ...NOT_BACKED_UP].sort());
});

test("a backup taken while samples come in, restored into an empty database, has every sample of its instant", async () => {
  const { db, url } = await freshDatabase();
  const host = await addHost(db);
  await createUser(db, { email: "ana@example.org", password: "velvet otter piano 42 quarry", role: "admin" });
  const append = (n: number) =>
    host.writer.append(
      frame(
        START + n * 60_000,
        [
          ["cpu.usage", n / 7],
          ["load.1m", n % 3 ? n : null],
        ],
        60_000,
      ),
    );
  for (let n = 0; n < 500; n++) await append(n);
  await compactDue(db, START + 7 * HOUR_MS);
  const file = join(dir, "one.backup");
  const backup = writeBackup(url, file, PASSPHRASE, quiet, CHEAP);
  for (let n = 500; n < 560; n++) await append(n);
  await backup;
  assert.deepEqual(readdirSync(dir), ["one.backup"]);
  assert.equal(readFileSync(file).includes("ana@example.org"), false, "nothing of it can be read");

  const empty = await freshDatabase();
  await assert.rejects(readBackup(empty.url, file, "another passphrase", quiet, PRISMA), /passphrase is wrong/);
  await readBackup(empty.url, file, PASSPHRASE, quiet, PRISMA);
  const all = (table: string, source = db) =>
    source.$queryRaw<{ row: string }[]>`SELECT to_jsonb(t)::text AS row FROM ${Prisma.raw(`"${table}"`)} t ORDER BY 1`;
  for (const table of BACKED_UP) {
    const [had, has] = [await all(table), await all(table, empty.db)];
    const rows = new Set(had.map(({ row }) => row));
    assert.ok(
      has.every(({ row }) => rows.has(row)),
      table,
    );
    if (table !== "frame") assert.equal(has.length, had.length, table);
    else assert.ok(has.length >= 140 && has.length <= had.length, String(has.length));
  }
  const next = await addHost(empty.db, "another");
  assert.ok(next.hostId > host.hostId, "numbers go on from where they were");
  await assert.rejects(readBackup(empty.url, file, PASSPHRASE, quiet, PRISMA), /not empty/);
});

test("a backup that is cut off restores nothing", async () => {
  const { db, url } = await freshDatabase();
  const host = await addHost(db);
  for (let n = 0; n < 300; n++)
    await host.writer.append(frame(START + n * 60_000, [["cpu.usage", Math.random()]], 60_000));
  const [whole, cut] = [join(dir, "whole"), join(dir, "cut")];
  await writeBackup(url, whole, PASSPHRASE, quiet, CHEAP);
  const bytes = readFileSync(whole);
  writeFileSync(cut, bytes.subarray(0, bytes.length - 200));
  const empty = await freshDatabase();
  await assert.rejects(readBackup(empty.url, cut, PASSPHRASE, quiet, PRISMA), /damaged or cut off|ends too early/);
  assert.equal(await empty.db.host.count(), 0);
});

test("a backup of the first version is restored as its portal would be upgraded", async () => {
  const { db, url } = await freshDatabase("template0");
  const file = join(import.meta.dirname, "..", "fixtures", "version-0.1.0.backup");
  await readBackup(url, file, PASSPHRASE, quiet, PRISMA);
  const series = await db.series.findMany({ orderBy: { metric: "asc" } });
  assert.deepEqual(
    series.map(({ metric, kind, unit }) => [metric, kind, unit]),
    [
      ["cpu.usage", "gauge", "percent"],
      ["network.receive.bytes", "counter", "bytes"],
      ["shop.orders", "gauge", "count"],
    ],
  );
  const ids = series.map(({ id }) => String(id));
  const range = { hostId: series[0]?.hostId ?? 0, from: START, to: START + 9 * HOUR_MS, stepMs: HOUR_MS };
  const [cpu, network] = (await queryRange(db, { ...range, series: ids })).series;
  assert.ok(cpu && network);
  assert.deepEqual([cpu.points.length, network.points.at(-1)?.[1]], [9, 100]);
  const settings = await readSettings(db);
  assert.deepEqual([settings.retention_raw_days, settings.threshold_cpu_percent], [30, 70]);
});
