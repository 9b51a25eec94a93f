import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { createUser } from "#lib/access/users.ts";
import { checkTrail } from "#lib/audit/check.ts";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import { NOT_BACKED_UP, readBackup, writeBackup } from "#lib/backup/backup.ts";
import type { Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { migrate } from "#lib/db/migrate.ts";
import { assignSubject } from "#lib/experiments/assign-subjects.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { readResults } from "#lib/experiments/read-results.ts";
import { queueWaitingMails } from "#lib/reports/deliver.ts";
import { queueSchedules } from "#lib/reports/schedule.ts";
import { readSettings } from "#lib/settings/store.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { queryRange } from "#lib/tsdb/query.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

const START = Date.UTC(2026, 5, 1);
const PASSPHRASE = "five words make a passphrase";
const dir = mkdtempSync(join(tmpdir(), "sightline-backup-"));
const PRISMA = join(import.meta.dirname, "..", "..", "prisma");
const FIRST_VERSION = join(import.meta.dirname, "..", "fixtures", "version-0.1.0.backup");
const quiet = () => undefined;
/** What a guess costs is not what these tests are about; the browser tests run the command with its real cost. */
const CHEAP = 8;
after(() => rmSync(dir, { recursive: true }));
const scratch = () => mkdtempSync(join(tmpdir(), "sightline-backup-"));

const tablesIn = async (db: Database) =>
  (
    await db.$queryRaw<{ name: string }[]>`
      SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT relispartition AND relname <> '_prisma_migrations' ORDER BY 1`
  ).map(({ name }) => name);

const leftOut: readonly string[] = NOT_BACKED_UP;

test("every table is in a backup but those of the moment, also tables of a portal that is not migrated yet", async () => {
  const { db, url } = await freshDatabase();
  const backedUp = async () => {
    const names: string[] = [];
    await writeBackup(url, join(scratch(), "tables"), PASSPHRASE, (name) => names.push(name), CHEAP);
    return names.sort();
  };
  for (const name of leftOut) assert.ok((await tablesIn(db)).includes(name), name);
  assert.deepEqual(
    await backedUp(),
    (await tablesIn(db)).filter((name) => !leftOut.includes(name)),
  );
  // An earlier version has other tables.
  await db.$executeRaw`ALTER TABLE annotation RENAME TO remark`;
  await db.$executeRaw`DROP TABLE mail_opt_out`;
  assert.deepEqual(
    await backedUp(),
    (await tablesIn(db)).filter((name) => !leftOut.includes(name)),
  );
});

test("a portal of the first version is backed up by this one before it is migrated, and restored", async () => {
  const { url: source } = await freshDatabase("template0");
  const FIRST = ["20261124000000_first_light"];
  await migrate(source, PRISMA, FIRST);
  const client = new pg.Client({ connectionString: source });
  await client.connect();
  await client.query("INSERT INTO host (machine_id, name) VALUES ('m1', 'web-1')");
  await client.end();
  const file = join(scratch(), "not-migrated");
  await writeBackup(source, file, PASSPHRASE, quiet, CHEAP);
  const { db, url } = await freshDatabase("template0");
  await readBackup(url, file, PASSPHRASE, quiet, PRISMA);
  assert.deepEqual(
    (await db.host.findMany()).map(({ name }) => name),
    ["web-1"],
  );
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
  for (const table of await tablesIn(db)) {
    if (leftOut.includes(table)) continue;
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
  await readBackup(url, FIRST_VERSION, PASSPHRASE, quiet, PRISMA);
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
  assert.equal((await readSettings(db)).retention_raw_days, 30);
  const { condition } = await db.alertRule.findFirstOrThrow({
    where: { series: "cpu.usage", NOT: { condition: { equals: { kind: "absence" } } } },
  });
  assert.deepEqual(condition, { kind: "threshold", operator: ">=", level: 70, resolveLevel: 66.5 });
});

/** What the portal of version 0.1.0 answered for s0, s1 … s39; a fifth of all subjects takes no part. */
const ASSIGNED = "ab-aa-aaabbbbaaabaab-babaa-abbaaabaa-aaa";

test("an experiment that runs in a backup of the first version gives the same subjects the same variants, and keeps who saw what", async () => {
  const { db, url } = await freshDatabase("template0");
  await readBackup(url, FIRST_VERSION, PASSPHRASE, quiet, PRISMA);
  const exposures = () => db.exposure.findMany({ orderBy: { subject: "asc" }, omit: { mixed: true } });
  const before = await exposures();
  assert.equal(before.length, 40);
  const variants: string[] = [];
  for (let n = 0; n < ASSIGNED.length; n++) {
    const subject = { subject: `s${n}`, attributes: {}, record: true };
    variants.push((await assignSubject(db, "checkout", subject, { now: START + HOUR_MS })).variant ?? "-");
  }
  assert.equal(variants.join(""), ASSIGNED);
  assert.deepEqual(await exposures(), before, "a subject's first exposure stays");
  const { subjects, metrics } = await readResults(db, await readExperiment(db, "checkout"), START + HOUR_MS);
  assert.equal(
    subjects.reduce((sum, { n }) => sum + n, 0),
    40,
  );
  assert.deepEqual(
    metrics.map(({ key }) => key),
    ["revenue"],
  );
});

test("the audit trail in a backup of the first version is whole, and goes on", async () => {
  const { db, url } = await freshDatabase("template0");
  await readBackup(url, FIRST_VERSION, PASSPHRASE, quiet, PRISMA);
  assert.deepEqual(await checkTrail(db), { entries: 2, broken: null });
  await recordAuditEvent(db, { userId: null, email: "ana@example.org", action: "share", now: START + DAY_MS });
  assert.deepEqual(await checkTrail(db), { entries: 3, broken: null });
  await db.auditEvent.update({ where: { id: 1 }, data: { email: "eve@example.org" } });
  assert.equal((await checkTrail(db)).broken, 1, "a change of what was restored is noticed");
});

test("what waited in a backup of the first version is queued by the restored portal", async () => {
  const { db, url } = await freshDatabase("template0");
  await readBackup(url, FIRST_VERSION, PASSPHRASE, quiet, PRISMA);
  assert.equal(await db.job.count(), 0);
  assert.deepEqual([await queueWaitingMails(db, START), await queueSchedules(db)], [1, 1]);
});
