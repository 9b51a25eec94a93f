import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { databaseServerSchema } from "#lib/contract/database-rows.ts";
import { readReplicationView, readSettingsView, readTablesView } from "#lib/databases/catalog-views.ts";
import { checkServer } from "#lib/databases/check-server.ts";
import { explainStatement } from "#lib/databases/explain.ts";
import { readLockTree } from "#lib/databases/locks.ts";
import { readFindings } from "#lib/databases/read-findings.ts";
import { ServerSampler } from "#lib/databases/sampling/sampler.ts";
import { readSessionHistory } from "#lib/databases/session-history.ts";
import { listStatements } from "#lib/databases/statements.ts";
import { createServer, findServer, targetOf } from "#lib/databases/store/servers.ts";
import type { Database } from "#lib/db/client.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { addHost, freshDatabase } from "../support/database.ts";
import { DebianPostgres, missingDebianPostgres, PASSWORD } from "../support/debian-postgres.ts";
import { addPerson } from "../support/people.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

const missing = missingDebianPostgres();
const skip = missing ?? false;

let db: Database;
let hostId: number;
let admin: { id: string; role: "admin" };
let primary: DebianPostgres;
let standby: DebianPostgres;
let id: number;
let sampler: ServerSampler;

let at = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 120 * MINUTE_MS;

async function addServer(server: DebianPostgres, name: string, user: string, database = "shop"): Promise<number> {
  const input = { name, address: "127.0.0.1", port: server.port, database, user, password: PASSWORD };
  return createServer(db, { ...databaseServerSchema.parse(input), hostId }, admin);
}

async function samplerOf(serverId: number): Promise<ServerSampler> {
  const writer = new FrameWriter(db, new Registry(db));
  return new ServerSampler(db, await findServer(db, serverId), (host, frame) => writer.append(host, frame));
}

/** Samples in the next period of all that is read from time to time. */
async function sampleAll(sampled: ServerSampler): Promise<void> {
  at += 60 * MINUTE_MS;
  await sampled.sample(at);
  await sampled.settled();
  await sampled.sample(at + SECOND_MS);
}

before(async () => {
  if (missing) return;
  ({ db } = await freshDatabase());
  ({ hostId } = await addHost(db));
  admin = { id: await addPerson(db, "admin"), role: "admin" };
  primary = await DebianPostgres.start({ shared_preload_libraries: "pg_stat_statements", wal_level: "replica" });
  await primary.run("postgres", "CREATE DATABASE shop", `CREATE ROLE monitor LOGIN PASSWORD '${PASSWORD}'`);
  await primary.run(
    "shop",
    "CREATE TABLE orders (id serial PRIMARY KEY, customer_id int NOT NULL, note text NOT NULL)",
    "INSERT INTO orders (customer_id, note) SELECT n % 5000, repeat('x', 40) FROM generate_series(1, 100000) n",
    "CREATE INDEX orders_note ON orders (note, id)",
    "CREATE INDEX orders_twin ON orders (id)",
    "VACUUM ANALYZE orders",
  );
  id = await addServer(primary, "orders", "monitor");
  sampler = await samplerOf(id);
});

after(async () => {
  await sampler?.close();
  standby?.remove();
  primary?.remove();
});

test("a role without rights and a database without the extension are named with the commands that grant them", {
  skip,
}, async () => {
  const { problems, version } = await checkServer(targetOf(await findServer(db, id)));
  const { server_version: actual } = (await primary.rows("shop", "SHOW server_version"))[0] as {
    server_version: string;
  };
  assert.equal(version.split(" ")[0], actual.split(" ")[0]);
  assert.deepEqual(
    problems.map(({ sql }) => sql),
    ["GRANT pg_monitor TO monitor;", "-- in the database shop:\nCREATE EXTENSION pg_stat_statements;"],
  );
  await sampleAll(sampler);
  const titles = (await readFindings(db, id, at)).filter(({ key }) => key.startsWith("missing:")).map(({ sql }) => sql);
  assert.deepEqual(
    titles,
    problems.map(({ sql }) => sql),
  );
  await primary.run("shop", ...problems.map(({ sql }) => sql ?? ""));
  assert.deepEqual((await checkServer(targetOf(await findServer(db, id)))).problems, []);
});

test("an unused index, one that does the same as another and a table that is read whole are found, with the SQL", {
  skip,
}, async () => {
  await sampleAll(sampler);
  const client = await primary.connect("shop");
  for (let n = 0; n < 40; n++) await client.query("SELECT count(*) FROM orders WHERE customer_id = $1", [n]);
  await client.end();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await sampleAll(sampler);
  const findings = new Map((await readFindings(db, id, at + MINUTE_MS)).map((found) => [found.key, found]));
  assert.match(findings.get("unused-indexes")?.sql ?? "", /DROP INDEX CONCURRENTLY public\.orders_note;/);
  assert.match(findings.get("duplicate-indexes")?.sql ?? "", /DROP INDEX CONCURRENTLY public\.orders_twin;/);
  assert.equal(findings.get("missing-indexes")?.sql, "CREATE INDEX CONCURRENTLY ON public.orders (customer_id);");
  const { tables } = await readTablesView(db, id);
  const orders = tables.find(({ table }) => table === "orders");
  assert.equal(orders?.rows, 100_000);
  assert.equal(orders?.bloatBytes, null, "without the right to read its statistics nothing is estimated");
});

test("a statement's plan is made with generic parameters, and nothing is executed", { skip }, async () => {
  const span = { from: at - 120 * MINUTE_MS, to: at + MINUTE_MS, sort: "calls", limit: 100 } as const;
  const statement = (await listStatements(db, id, span)).find(({ text }) =>
    text.includes("FROM orders WHERE customer_id ="),
  );
  assert.ok(statement);
  assert.equal(statement.calls, 40);
  const request = { queryId: statement.queryId, database: "shop" };
  const refused = await explainStatement(db, id, request).catch((error: Error) => error.message);
  const [grant = "no remedy"] = /GRANT .* TO monitor;/.exec(String(refused)) ?? [];
  await primary.run("shop", grant);
  const { plan } = await explainStatement(db, id, request);
  assert.match(plan, /Seq Scan on orders/);
  assert.match(plan, /customer_id = \$1/);
  await assert.rejects(explainStatement(db, id, { queryId: "123", database: "shop" }), /does not hold this statement/);
  const client = await primary.connect("shop");
  await client.query("UPDATE orders SET note = 'changed' WHERE id = 1");
  const { rows } = await client.query<{ id: string }>(
    "SELECT queryid::text AS id FROM pg_stat_statements WHERE query LIKE 'UPDATE orders%'",
  );
  await client.query("UPDATE orders SET note = 'x' WHERE id = 1");
  await client.query("GRANT UPDATE ON orders TO monitor");
  await client.query(
    "SELECT extract(hour FROM now()), now() - interval '1 day', date '2026-01-01' FROM orders WHERE id = 7",
  );
  const { rows: odd } = await client.query<{ id: string }>(
    "SELECT queryid::text AS id FROM pg_stat_statements WHERE query LIKE 'SELECT extract(%'",
  );
  const literals = await explainStatement(db, id, { queryId: odd[0]?.id ?? "", database: "shop" });
  assert.match(literals.plan, /Index .*Scan using orders_/, "though its text is none that a parser takes");
  const update = await explainStatement(db, id, { queryId: rows[0]?.id ?? "", database: "shop" });
  assert.match(update.plan, /Update on orders/);
  const { rows: notes } = await client.query<{ note: string }>("SELECT note FROM orders WHERE id = 1");
  await client.end();
  assert.equal(notes[0]?.note, "x");
});

test("who waits for a locked table and who blocks whom is told, now and by wait event over time", {
  skip,
}, async () => {
  const [holder, waiter] = [await primary.connect("shop"), await primary.connect("shop")];
  await holder.query("BEGIN");
  await holder.query("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
  const waiting = waiter.query("SELECT note FROM orders WHERE id = 42").catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { sessions } = await readLockTree(db, id);
  const [first, second] = sessions;
  assert.equal(sessions.length, 2);
  assert.deepEqual(second?.blockedBy, [first?.pid]);
  assert.equal(second?.relation, "orders");
  assert.equal(second?.statement, "SELECT note FROM orders WHERE id = ?");
  at += 60 * MINUTE_MS;
  await sampler.sample(at);
  await sampler.sample(at + 10 * SECOND_MS);
  await sampler.sample(at + MINUTE_MS);
  await holder.query("ROLLBACK");
  await waiting;
  await Promise.all([holder.end(), waiter.end()]);
  const { groups } = await readSessionHistory(db, id, { from: at - MINUTE_MS, to: at + MINUTE_MS, by: "wait" });
  const locked = groups.find(({ key }) => key === "Lock:relation");
  assert.ok((locked?.average ?? 0) > 0.5, JSON.stringify(groups));
  assert.ok(groups.some(({ key }) => key === "idle in transaction"));
});

test("a table that was never analyzed shows the rows that it has", { skip }, async () => {
  await primary.run(
    "shop",
    "CREATE TABLE never_analyzed WITH (autovacuum_enabled = off) AS SELECT n FROM generate_series(1, 20000) n",
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await sampleAll(sampler);
  const { tables } = await readTablesView(db, id);
  assert.equal(tables.find(({ table }) => table === "never_analyzed")?.rows, 20_000);
});

test("a table that is locked does not keep the others from being read", { skip }, async () => {
  const holder = await primary.connect("shop");
  await holder.query("BEGIN");
  await holder.query("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
  await sampleAll(sampler);
  await holder.end();
  const { failures, tables, indexes, tablesAt } = await readTablesView(db, id);
  assert.deepEqual([failures, tablesAt?.getTime()], [[], at], "read whole while it was locked");
  assert.ok((tables.find(({ table }) => table === "orders")?.bytes ?? 0) > 0, "the size of the locked one, too");
  assert.ok(tables.some(({ database, table }) => database === "shop" && table !== "orders") && indexes.length > 0);
  assert.ok((await readFindings(db, id, at)).every(({ key }) => key !== "availability"));
});

test("of a table whose rows are deleted the empty room is estimated, of a full one about none", { skip }, async () => {
  const bloat = async () => {
    await sampleAll(sampler);
    const { tables } = await readTablesView(db, id);
    const { bloatBytes, bytes } = tables.find(({ table }) => table === "orders") ?? { bloatBytes: null, bytes: 1 };
    return (bloatBytes ?? Number.NaN) / bytes;
  };
  const full = await bloat();
  assert.ok(full < 0.1, `${full} of a full table`);
  await primary.run("shop", "DELETE FROM orders WHERE id % 10 > 0 AND id < 99000", "VACUUM ANALYZE orders");
  const empty = await bloat();
  assert.ok(empty > 0.7 && empty < 0.95, `${empty} of one of which nine tenths are gone`);
});

test("a setting that is changed is noted with what it was", { skip }, async () => {
  await sampleAll(sampler);
  await primary.run("postgres", "ALTER SYSTEM SET work_mem = '7MB'", "SELECT pg_reload_conf()");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await sampleAll(sampler);
  const { changes, settings } = await readSettingsView(db, id);
  assert.deepEqual(
    changes.filter(({ name }) => name === "work_mem").map(({ before: old, after: now }) => [old, now]),
    [["4096", "7168"]],
  );
  assert.equal(settings.find(({ name }) => name === "work_mem")?.value, "7168");
});

test("after pg_stat_statements_reset no figure is negative or huge", { skip }, async () => {
  await sampleAll(sampler);
  await primary.run("shop", "SELECT pg_stat_statements_reset()", "SELECT 1 AS after_reset");
  const from = at;
  await sampleAll(sampler);
  const statements = await listStatements(db, id, { from, to: at + MINUTE_MS, sort: "total", limit: 500 });
  assert.ok(statements.length > 0);
  for (const { calls, totalMs, text } of statements)
    assert.ok(calls > 0 && calls < 100 && totalMs >= 0, `${text}: ${calls}`);
});

test("a standby and its slot are seen from the primary, and the standby is read itself", { skip }, async () => {
  standby = await primary.standby("replica");
  await primary.run("shop", "INSERT INTO orders (customer_id, note) SELECT 1, 'y' FROM generate_series(1, 1000)");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await sampleAll(sampler);
  const { standbys, slots } = await readReplicationView(db, id);
  assert.deepEqual(
    standbys.map(({ name, state }) => [name, state]),
    [["replica", "streaming"]],
  );
  assert.deepEqual(
    slots.map(({ name, active }) => [name, active]),
    [["replica", true]],
  );
  const replica = await addServer(standby, "replica", "monitor");
  const other = await samplerOf(replica);
  await sampleAll(other);
  await other.close();
  assert.equal((await readReplicationView(db, replica)).inRecovery, true);
  assert.ok(
    (await readFindings(db, replica, at)).every(({ key }) => !/missing:(sessions|replication)|availability/.test(key)),
  );
});

test("a server that goes away while it is sampled is down, and is read on when it is back", { skip }, async () => {
  primary.halt();
  await sampler.sample(at + 2 * MINUTE_MS);
  const [finding] = await readFindings(db, id, at + 2 * MINUTE_MS);
  assert.equal(finding?.key, "availability");
  primary.boot();
  await sampler.sample(at + 5 * MINUTE_MS);
  assert.ok((await readFindings(db, id, at + 5 * MINUTE_MS)).every(({ key }) => key !== "availability"));
});
