import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { migrate, schemaScript } from "#lib/db/migrate.ts";
import { freshDatabase } from "../support/database.ts";

const PRISMA = join(import.meta.dirname, "..", "..", "prisma");

async function query<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** What Prisma describes: columns, keys and indexes of the tables it knows. */
const SHAPE = `
  SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_prisma%' AND table_name !~ '^frame_'
  UNION ALL SELECT replace(indexdef, 'ON ONLY', 'ON') FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_prisma%' AND tablename !~ '^frame_'
  UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'p') AND conrelid::regclass::text !~ '_prisma|^frame_'
  ORDER BY 1`;

test("the migrations add up to the schema that Prisma describes", async () => {
  const [migrated, described] = [await freshDatabase(), await freshDatabase("template0")];
  await query(described.url, await schemaScript(described.url, PRISMA));
  const shape = async (url: string) => (await query<{ line: string }>(url, SHAPE)).map((row) => row.line);
  assert.deepEqual(await shape(migrated.url), await shape(described.url));
});

test("a second run applies nothing", async () => {
  const { url } = await freshDatabase();
  assert.deepEqual(await migrate(url, PRISMA), []);
});

test("two portals that migrate the same database at once do so once", async () => {
  const { url } = await freshDatabase("template0");
  const applied = (await Promise.all([migrate(url, PRISMA), migrate(url, PRISMA)])).flat();
  assert.equal(new Set(applied).size, applied.length);
  assert.ok(applied.length > 0);
});

test("a migration whose portal is killed in its middle is applied once, whole", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-prisma-"));
  after(() => rmSync(dir, { recursive: true }));
  cpSync(PRISMA, dir, { recursive: true });
  const migration = join(dir, "migrations", "29990101000000_slow");
  mkdirSync(migration);
  writeFileSync(
    join(migration, "migration.sql"),
    "CREATE TABLE first_half (a int); SELECT pg_sleep(2); CREATE TABLE second_half (a int); -- the end",
  );
  const { url } = await freshDatabase();
  const migrateInProcess = () =>
    spawn(process.execPath, [join(import.meta.dirname, "..", "support", "migrating.ts"), url, dir], {
      stdio: "ignore",
    });
  const isSleeping = async () =>
    (await query(url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2)%' AND pid <> pg_backend_pid()"))
      .length > 0;
  for (let kills = 0; kills < 2; kills++) {
    const child = migrateInProcess();
    const ended = once(child, "exit");
    while (!(await isSleeping()) && child.exitCode === null) await setTimeout(20);
    child.kill("SIGKILL");
    await ended;
  }
  await migrate(url, dir);
  assert.deepEqual(await query(url, "SELECT tablename FROM pg_tables WHERE tablename LIKE '%_half' ORDER BY 1"), [
    { tablename: "first_half" },
    { tablename: "second_half" },
  ]);
  assert.deepEqual(await migrate(url, dir), []);
  const open = "SELECT 1 FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL";
  assert.deepEqual(await query(url, open), []);
});

test("a migration that breaks in its middle leaves nothing, says why, and is applied once it is mended", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-prisma-"));
  after(() => rmSync(dir, { recursive: true }));
  cpSync(PRISMA, dir, { recursive: true });
  const migration = join(dir, "migrations", "29990101000000_later");
  mkdirSync(migration);
  const sql = join(migration, "migration.sql");
  const { url } = await freshDatabase();
  writeFileSync(
    sql,
    "CREATE TABLE half (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2 $$; SELECT broken;",
  );
  await assert.rejects(migrate(url, dir), /column "broken" does not exist/);
  assert.deepEqual(await query(url, "SELECT 1 FROM pg_tables WHERE tablename = 'half'"), []);
  writeFileSync(sql, "CREATE TABLE half (a int);");
  assert.deepEqual(await migrate(url, dir), ["29990101000000_later"]);
});
