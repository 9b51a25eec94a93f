import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { databaseServerSchema } from "#lib/contract/database-rows.ts";
import { listServers, readServer } from "#lib/databases/list-servers.ts";
import { readFindings } from "#lib/databases/read-findings.ts";
import { ServerSampling } from "#lib/databases/sampling/sample-servers.ts";
import { ServerSampler } from "#lib/databases/sampling/sampler.ts";
import { listStatements } from "#lib/databases/statements.ts";
import { storeHours, storeStatements } from "#lib/databases/store/history.ts";
import {
  createServer as addServer,
  ensureOwnServer,
  findServer,
  keyOf,
  removeServer,
  replaceServer,
} from "#lib/databases/store/servers.ts";
import { REST } from "#lib/databases/store/statement-deltas.ts";
import type { Database } from "#lib/db/client.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { newestFrameAt } from "#lib/tsdb/catalog.ts";
import { addHost, freshDatabase } from "../support/database.ts";
import { addPerson } from "../support/people.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

let db: Database;
let url: string;
let hostId: number;
let admin: { id: string; role: "admin" };

const START = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 10 * MINUTE_MS;

before(async () => {
  ({ db, url } = await freshDatabase());
  process.env.DATABASE_URL = url;
  ({ hostId } = await addHost(db));
  admin = { id: await addPerson(db, "admin"), role: "admin" };
});

const input = (more: object) => ({
  ...databaseServerSchema.parse({ name: "orders", address: "127.0.0.1", user: "monitor", password: "secret", ...more }),
  hostId,
});

async function samplerOf(id: number): Promise<ServerSampler> {
  const writer = new FrameWriter(db, new Registry(db));
  return new ServerSampler(db, await findServer(db, id), (host, frame) => writer.append(host, frame));
}

/** The newest value of each series of a metric, by its labels. */
async function newest(metric: string): Promise<Record<string, number | null>> {
  const series = await db.series.findMany({ where: { hostId, metric } });
  const found: Record<string, number | null> = {};
  for (const { id, sourceId, labelsKey } of series) {
    const [frame] = await db.frame.findMany({ where: { hostId, sourceId }, orderBy: { at: "desc" }, take: 1 });
    const schema = await db.frameSchema.findFirstOrThrow({ where: { hostId, id: frame?.frameSchemaId ?? 0 } });
    const index = schema.seriesIds.indexOf(id);
    if (index >= 0) found[labelsKey] = frame?.values[index] ?? null;
  }
  return found;
}

test("the portal's own database is listed and sampled without configuration, statements included", async () => {
  await ensureOwnServer(db, hostId);
  await ensureOwnServer(db, hostId);
  await db.$executeRaw`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`;
  const own = await db.databaseServer.findFirstOrThrow({ where: { own: true } });
  const sampler = await samplerOf(own.id);
  await sampler.sample(START);
  await db.$queryRaw`SELECT count(*) FROM host WHERE name = 'a secret literal'`;
  await db.$queryRaw`SELECT count(*) FROM host WHERE name = 'another one'`;
  await sampler.sample(START + MINUTE_MS);
  await sampler.close();
  const statements = await listStatements(db, own.id, {
    from: START,
    to: START + 2 * MINUTE_MS,
    sort: "calls",
    limit: 100,
  });
  const counted = statements.find(({ text }) => text.includes("count(*) FROM host WHERE name ="));
  assert.ok(counted, "the statement is listed");
  assert.equal(counted.calls, 2);
  assert.doesNotMatch(JSON.stringify(statements), /secret literal|another one/);
  assert.ok(statements.every(({ calls, totalMs }) => calls > 0 && totalMs >= 0 && totalMs < MINUTE_MS));
  assert.deepEqual(Object.values(await newest("postgres.up")), [1]);
  assert.ok(((await newest("postgres.wal.bytes"))[""] ?? 0) > 0);
  assert.equal(
    await db.series.count({ where: { hostId, metric: "postgres.response" } }),
    0,
    "the recorder collects that",
  );
  const info = await readServer(db, own.id, START + MINUTE_MS);
  assert.equal(info.own, true);
  assert.match(info.version ?? "", /^18/);
});

test("a sample of a database does not prove that its host lives", async () => {
  assert.equal((await newestFrameAt(db, Date.now())).get(hostId), undefined);
});

test("a server that refuses is down with its reason, its series say so, and it is not asked at each interval", async () => {
  const id = await addServer(db, input({ name: "refused", port: 1 }), admin);
  const sampler = await samplerOf(id);
  for (let n = 0; n < 3; n++) await sampler.sample(START + n * 5_000);
  await sampler.close();
  const info = await readServer(db, id, START + 15_000);
  assert.equal(info.state, "down");
  assert.match(info.reason ?? "", /nobody listens/);
  assert.deepEqual(info.since, new Date(START));
  assert.equal((await newest("postgres.up"))['server="refused"'], 0);
  const [finding] = await readFindings(db, id, START + 15_000);
  assert.equal(finding?.severity, "critical");
  assert.match(finding?.title ?? "", /^refused does not answer, for/);
});

const sockets: Socket[] = [];
const silent = createServer((socket) => void sockets.push(socket));
after(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test("a server that takes the connection and never answers delays none of the others", {
  timeout: 60_000,
}, async () => {
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  await db.databaseServer.deleteMany({});
  const hung = await addServer(db, input({ name: "hung", port, intervalS: 5 }), admin);
  const sampling = new ServerSampling(url, db, () => Promise.resolve(hostId));
  sampling.start();
  const frames = async (name: string) => {
    const source = await db.source.findFirst({ where: { hostId, kind: "database", name } });
    return source
      ? db.frame.count({ where: { hostId, sourceId: source.id, at: { gt: new Date(START + 5 * MINUTE_MS) } } })
      : 0;
  };
  await db.databaseServer.updateMany({ where: { own: true }, data: { intervalS: 5 } });
  for (let n = 0; n < 300 && ((await frames("sightline")) < 1 || (await frames("hung")) < 1); n++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await sampling.close();
  assert.ok((await frames("sightline")) >= 1, "the other one was sampled");
  const list = await listServers(db, undefined, Date.now());
  assert.deepEqual(
    list.map(({ name, own }) => [name, own]),
    [
      ["sightline", true],
      ["hung", false],
    ],
  );
  const info = await readServer(db, hung, Date.now());
  assert.equal(info.state, "down");
  assert.match(info.reason ?? "", /does not answer in time/);
});

test("of two portals one samples", { timeout: 60_000 }, async () => {
  const both = [1, 2].map(() => new ServerSampling(url, db, () => Promise.resolve(hostId)));
  for (const sampling of both) sampling.start();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const rows = await db.$queryRaw<{ held: number }[]>`
    SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 1
      AND classid::bigint = hashtext('sightline.databases')::bigint & 4294967295
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  await Promise.all(both.map((sampling) => sampling.close()));
  assert.equal(rows[0]?.held, 1);
});

test("a password is never answered, stays where none is entered, and goes nowhere else", async () => {
  const id = await addServer(db, input({ name: "sealed" }), admin);
  const stored = JSON.stringify(await findServer(db, id));
  assert.doesNotMatch(stored, /secret"/);
  assert.doesNotMatch(JSON.stringify(await listServers(db, undefined, Date.now())), /secret/);
  const { password: _, ...without } = input({ name: "sealed", intervalS: 30 });
  await replaceServer(db, id, without, "admin");
  assert.equal((await findServer(db, id)).intervalS, 30);
  await assert.rejects(
    replaceServer(db, id, { ...without, address: "192.0.2.7" }, "admin"),
    /Enter the password again/,
  );
  await assert.rejects(replaceServer(db, id, { ...without, name: "other" }, "admin"), /The name stays sealed/);
  await assert.rejects(addServer(db, input({ name: "sealed" }), admin), /There is a server sealed already/);
  await removeServer(db, id);
});

test("an operator names public addresses only; what an administrator has named stays usable", async () => {
  const operator = { id: await addPerson(db, "operator"), role: "operator" as const };
  const own = await addServer(db, input({ name: "by operator", port: 1 }), operator);
  const sampler = await samplerOf(own);
  await sampler.sample(START);
  await sampler.close();
  assert.match((await readServer(db, own, START)).reason ?? "", /OUTGOING_ALLOW/);
  const trusted = await addServer(db, input({ name: "by admin", port: 1 }), admin);
  const { password: _, ...without } = input({ name: "by admin", port: 1, intervalS: 60 });
  await replaceServer(db, trusted, without, "operator");
  assert.equal((await findServer(db, trusted)).trusted, true);
});

test("hours are made of their minutes, also those that ended while nobody sampled", async () => {
  const own = await db.databaseServer.findFirstOrThrow({ where: { own: true } });
  const key = keyOf(own);
  const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const statement = (calls: number, queryId = "77") => ({
    ...{
      queryId,
      database: "shop",
      user: "app",
      calls,
      ms: calls * 2,
      rows: 0,
      hit: 0,
      read: 0,
      ioMs: 0,
      temp: 0,
      wal: 0,
    },
  });
  for (const ago of [30, 28, 5])
    for (let n = 0; n < 3; n++)
      await storeStatements(db, key, now - ago * HOUR_MS + n * MINUTE_MS, {
        spanS: 60,
        statements: [statement(5), statement(1, REST)],
      });
  await storeHours(db, key, now);
  await storeHours(db, key, now);
  const span = { from: now - 31 * HOUR_MS, to: now, sort: "calls", limit: 10 } as const;
  const [first, rest] = await listStatements(db, own.id, span);
  assert.deepEqual([first?.calls, first?.totalMs, rest?.queryId, rest?.calls], [45, 90, REST, 9]);
});

test("the portal's own database cannot be removed", async () => {
  const own = await db.databaseServer.findFirstOrThrow({ where: { own: true } });
  await assert.rejects(removeServer(db, own.id), /always listed/);
});
