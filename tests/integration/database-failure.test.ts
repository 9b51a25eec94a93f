import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DriverAdapterError } from "@prisma/driver-adapter-utils";
import { Availability } from "#lib/db/availability.ts";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { reading } from "#lib/db/reading.ts";
import { checkHealth } from "#lib/hosts/health.ts";
import { freshDatabase } from "../support/database.ts";
import { Relay } from "../support/relay.ts";

const opened: Database[] = [];
after(() => Promise.all(opened.map((db) => db.$disconnect())));

function open(url: string, options: Parameters<typeof openDatabase>[1] = {}): Database {
  const db = openDatabase(url, { maxConnections: 1, queryLimitMs: 500, connectLimitMs: 500, ...options });
  opened.push(db);
  return db;
}

/** What a reader is said of a failure. */
const said = (work: Promise<unknown>) =>
  work.then(
    () => "no failure",
    (error: unknown) => databaseFailure(error)?.message ?? `not the database's: ${error}`,
  );

test("a database that is away, slow, busy or takes no changes is said apart, and a mistake of ours is none of these", async () => {
  const { db, url } = await freshDatabase();
  const nowhere = new URL(url);
  nowhere.port = "1";
  assert.match(await said(open(nowhere.toString()).host.findMany()), /cannot be reached/);
  assert.match(await said(open(url).$queryRaw`SELECT pg_sleep(5)::text`), /portal is busy/);
  const single = open(url, { queryLimitMs: 5_000 });
  const long = said(single.$queryRaw`SELECT pg_sleep(2)::text`);
  await sleep(100);
  assert.match(await said(single.host.findMany()), /portal is busy/);
  await long;
  const standby = open(`${url}?options=-c%20default_transaction_read_only%3Don`);
  assert.match(await said(standby.setting.create({ data: { key: "x", value: 1 } })), /takes no changes/);
  const victim = open(url, { queryLimitMs: 5_000 });
  const ended = said(victim.$queryRaw`SELECT 'victim', pg_sleep(3)::text`);
  const terminate = () =>
    db.$queryRaw<
      object[]
    >`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%''victim''%' AND pid <> pg_backend_pid()`;
  while ((await terminate()).length === 0) await sleep(50);
  assert.match(await ended, /cannot be reached/);
  assert.match(await said(db.$queryRaw`SELECT broken`), /not the database's/);
});

test("a connection that is half open is noticed, health says so, and all goes on once the network is back", async () => {
  const { url } = await freshDatabase();
  const between = await Relay.open(url);
  after(() => between.close());
  const db = open(between.url);
  const status = open(between.url, { maxConnections: 2, queryLimitMs: 4_000, connectLimitMs: 4_000 });
  const availability = new Availability(status);
  assert.equal(await availability.check(), undefined);
  await db.host.findMany();
  between.silence();
  await sleep(1_100);
  assert.match(await said(db.host.findMany()), /does not answer in time/);
  assert.match((await availability.check())?.message ?? "", /does not answer within 2 s/);
  const health = await checkHealth(status, "1");
  assert.deepEqual([health.status, /does not answer within 2 s/.test(health.reason ?? "")], ["unavailable", true]);
  between.mend();
  await sleep(4_500);
  assert.equal(await said(db.host.findMany()), "no failure");
  assert.equal(await availability.check(), undefined);
});

test("whatever query a connection ends in, at whatever moment, it is the database that is away", async () => {
  const { url } = await freshDatabase();
  const between = await Relay.open(url);
  after(() => between.close());
  const db = open(between.url, { maxConnections: 3, queryLimitMs: 4_000 });
  const heard = new Set<string>();
  let over = false;
  const queries: (() => Promise<unknown>)[] = [
    () => db.$queryRaw`SELECT pg_sleep(0.02)::text`,
    () => db.host.findMany(),
    () => db.$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(0.05)::text`),
    () => db.$executeRaw`SELECT 1`,
  ];
  const asking = queries.map(async (query) => {
    while (!over) {
      heard.add(await said(query()));
      await sleep(5);
    }
  });
  for (let n = 0; n < 5; n++) {
    await sleep(300);
    between.cut();
    await sleep(300);
    between.mend();
  }
  over = true;
  await Promise.all(asking);
  assert.ok(heard.size >= 2);
  for (const text of heard) assert.match(text, /^no failure$|^The database does not answer|^The portal is busy/);
  // One that the adapter hands on as it is, when a transaction ends; it is met by chance only.
  assert.match(await said(Promise.reject(new DriverAdapterError({ kind: "ConnectionClosed" }))), /cannot be reached/);
});

test("a reader whose connection ends between two of its questions hears of it by the next, and the process goes on", async () => {
  const { url } = await freshDatabase();
  const db = open(url, { maxConnections: 2, queryLimitMs: 4_000 });
  const terminate = () => db.$queryRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`;
  const read = reading(db, new AbortController().signal, async (own) => {
    await own.$queryRaw`SELECT 1`;
    await terminate();
    await sleep(200);
    return own.$queryRaw`SELECT 2`;
  });
  assert.match(await said(read), /does not answer/);
  assert.equal(await said(reading(db, new AbortController().signal, (own) => own.$queryRaw`SELECT 3`)), "no failure");
});
