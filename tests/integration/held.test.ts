import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createToken, findToken } from "#lib/access/api-tokens.ts";
import { createUser } from "#lib/access/users.ts";
import type { Database } from "#lib/db/client.ts";
import { CHANGE_CHANNEL, held } from "#lib/db/held.ts";
import { reader, reading } from "#lib/db/reading.ts";
import { findHost, readableHosts } from "#lib/hosts/hosts.ts";
import { readSettings, writeSettings } from "#lib/settings/store.ts";
import { type Listener, listen } from "#lib/stream/listener.ts";
import { listSeries, listSeriesOfHosts } from "#lib/tsdb/catalog.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

let db: Database;
let listener: Listener;
let user: { id: string; role: "admin" };
let notices = 0;

const connected = async (url: string) => {
  await new Promise<void>((resolve) => {
    listener = listen(
      url,
      [CHANGE_CHANNEL],
      (_, table) => {
        held().changed(table);
        notices += 1;
      },
      () => {
        held().begin();
        resolve();
      },
      () => held().end(),
    );
  });
};

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  const { id } = await createUser(db, { email: "ana@example.org", password: "velvet otter piano 42 quarry" });
  user = { id, role: "admin" };
  await connected(fresh.url);
});
after(async () => {
  await listener.close();
  held().end();
});

/** Does something, and waits until the notice came that rows changed. */
async function change(work: () => Promise<unknown>): Promise<void> {
  const before = notices;
  await work();
  for (let n = 0; notices === before && n < 500; n++) await sleep(10);
  assert.ok(notices > before, "no notice came");
}

const tokenOf = async () => {
  const scopes = ["metrics:read" as const];
  let text = "";
  await change(async () => {
    ({ token: text } = await createToken(db, user, { name: "reads", days: 1, scopes }));
  });
  return text;
};

test("a token that is revoked, or whose account is disabled, by whatever process, is refused", async () => {
  const token = await tokenOf();
  assert.equal((await findToken(db, token))?.user.email, "ana@example.org");
  await change(() => db.$executeRaw`UPDATE "user" SET disabled_at = now()`);
  assert.equal(await findToken(db, token), undefined);
  await change(() => db.$executeRaw`UPDATE "user" SET disabled_at = NULL, role = 'viewer'`);
  assert.equal((await findToken(db, token))?.user.role, "viewer");
  await change(() => db.$executeRaw`DELETE FROM api_token`);
  assert.equal(await findToken(db, token), undefined);
});

test("a token that this process has revoked is refused before the notice comes", async () => {
  const token = await tokenOf();
  assert.ok(await findToken(db, token));
  held().begin();
  assert.ok(await findToken(db, token));
  await db.apiToken.deleteMany();
  held().changedHere();
  assert.equal(await findToken(db, token), undefined);
});

test("a token that ends while it is held is refused", async () => {
  const token = await tokenOf();
  assert.ok(await findToken(db, token));
  assert.equal(await findToken(db, token, Date.now() + 2 * 86_400_000), undefined);
});

test("a new host, its new name, a new series and a changed setting show", async () => {
  const own = reader(db);
  assert.deepEqual(await readableHosts(own), []);
  await change(() => addHost(db));
  const { writer, hostId } = await addHost(db);
  assert.deepEqual(await readableHosts(own), [{ id: hostId, name: "web-1" }]);
  assert.equal((await findHost(own)).name, "web-1");
  await change(() => db.$executeRaw`UPDATE host SET name = 'db-1'`);
  assert.equal((await findHost(own, hostId)).name, "db-1");
  const names = async () => [
    ...(await listSeries(own, hostId, [{ metric: "cpu.usage" }])).map(({ name }) => name),
    ...(await listSeriesOfHosts(own, [hostId], "%")).map(({ metric }) => metric),
  ];
  assert.deepEqual(await names(), []);
  await change(() => writer.append(frame(Date.now(), [["cpu.usage", 7]])));
  assert.deepEqual(await names(), ["cpu.usage", "cpu.usage"]);
  await change(() => writeSettings(db, { collection_interval: 30 }, user.id));
  assert.equal((await readSettings(own)).collection_interval, 30);
  await change(() => db.$executeRaw`DELETE FROM host`);
  assert.deepEqual([await readableHosts(own), await names()], [[], []]);
});

test("a transaction sees what it has changed itself", async () => {
  await change(() => addHost(db, "web-2"));
  assert.equal((await readableHosts(reader(db))).length, 1);
  await db.$transaction(async (tx) => {
    await tx.host.updateMany({ data: { name: "renamed" } });
    assert.deepEqual(
      (await readableHosts(tx)).map(({ name }) => name),
      ["renamed"],
    );
  });
});

test("what failed to be read is read again, and nothing is held while no notices come", async () => {
  const own = held();
  let reads = 0;
  const read = async () => {
    reads += 1;
    if (reads === 1) throw new Error("away");
    return [reads];
  };
  await assert.rejects(own.get("host", "of a test", read), /away/);
  assert.deepEqual(await own.get("host", "of a test", read), [2]);
  assert.deepEqual(await own.get("host", "of a test", read), [2]);
  own.end();
  assert.deepEqual(await own.get("host", "of a test", read), [3]);
  assert.deepEqual(await own.get("host", "of a test", read), [4]);
  own.begin();
});

test("reading ends in the database when its reader goes away, and its connection is nobody else's then", async () => {
  const gone = new AbortController();
  const others = Array.from({ length: 3 }, () =>
    reading(db, new AbortController().signal, (own) => own.$queryRaw`SELECT pg_sleep(0.3)::text, 'other' AS name`),
  );
  const abandoned = reading(db, gone.signal, (own) => own.$queryRaw`SELECT pg_sleep(60)::text, 'abandoned' AS name`);
  await sleep(100);
  gone.abort();
  await assert.rejects(abandoned, { type: "cancelled" });
  await Promise.all(others);
  const running = () => db.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%abandoned%' AND pid <> pg_backend_pid()`;
  for (let n = 0; (await running()).length > 0 && n < 200; n++) await sleep(20);
  assert.deepEqual(await running(), []);
  await assert.rejects(
    reading(db, gone.signal, async () => 1),
    { type: "cancelled" },
  );
});
