import assert from "node:assert/strict";
import { test } from "node:test";
import { identifyHost } from "#lib/collect/host.ts";
import { postgresSensor } from "#lib/collect/sensors/postgres.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import { cancellable } from "#lib/db/cancellable.ts";
import type { DomainError } from "#lib/errors.ts";
import { currentMetrics } from "#lib/hosts/current.ts";
import { checkHealth } from "#lib/hosts/health.ts";
import { findHost, listHosts, registerHost } from "#lib/hosts/hosts.ts";
import { overviewCards } from "#lib/hosts/overview.ts";
import { readSettings, writeSettings } from "#lib/settings/store.ts";
import { listen } from "#lib/stream/listener.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { FRAME_CHANNEL, type FrameNotice, FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { queryRange } from "#lib/tsdb/query.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";

const START = Date.UTC(2026, 10, 24, 9, 0, 0);
const until = (condition: () => boolean) => eventually(condition, 4);

test("a host is one row however often it registers, and keeps its number when it is renamed", async () => {
  const { db } = await freshDatabase();
  const host = await identifyHost();
  const id = await registerHost(db, host);
  assert.equal(await registerHost(db, { ...host, name: "renamed" }), id);
  assert.deepEqual(
    (await listHosts(db)).map((h) => [h.id, h.name, h.lastSampleAt]),
    [[id, "renamed", null]],
  );
});

test("a frame is told of after its commit, and once", async () => {
  const { db, url } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  const notices: FrameNotice[] = [];
  let connected = false;
  const listener = listen(
    url,
    [FRAME_CHANNEL],
    (_, payload) => notices.push(JSON.parse(payload)),
    () => (connected = true),
  );
  await until(() => connected);
  const repeated = frame(START, [["cpu.usage", 12.5]]);
  await writer.append(repeated);
  await writer.append(repeated);
  await writer.append(frame(START + 5_000, [["cpu.usage", 13]]));
  await until(() => notices.length >= 2);
  await listener.close();
  assert.deepEqual(
    notices.map((n) => [n.host, n.at]),
    [
      [hostId, START],
      [hostId, START + 5_000],
    ],
  );
  assert.ok(Math.abs((notices[0]?.storedAt ?? 0) - Date.now()) < 10_000);
});

test("a listener whose connection is killed comes back and says so", async () => {
  const { db, url } = await freshDatabase();
  const { writer } = await addHost(db);
  let connections = 0;
  const notices: string[] = [];
  const listener = listen(
    url,
    [FRAME_CHANNEL],
    (_, payload) => notices.push(payload),
    () => (connections += 1),
  );
  await until(() => connections === 1);
  await db.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sightline-listen' AND datname = current_database()`;
  await until(() => connections === 2);
  await writer.append(frame(START, [["cpu.usage", 1]]));
  await until(() => notices.length === 1);
  await listener.close();
});

test("another frame at the same instant takes the place of the first", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  for (const value of [1, 2]) await writer.append(frame(START, [["cpu.usage", value]]));
  const { series } = await queryRange(db, {
    hostId,
    series: ["cpu.usage"],
    from: START,
    to: START + 5_000,
    stepMs: 5_000,
  });
  assert.deepEqual(series[0]?.points, [[START, 2]]);
});

test("a frame from the far future is refused; one from a clock that is a little ahead is taken", async () => {
  const { db } = await freshDatabase();
  const { writer } = await addHost(db);
  await assert.rejects(
    writer.append(frame(Date.now() + DAY_MS, [["cpu.usage", 1]])),
    /from the future: is the clock right/,
  );
  await writer.append(frame(Date.now() + 60_000, [["cpu.usage", 1]]));
  assert.equal(await db.frame.count(), 1);
});

test("in the steady state a frame costs one round trip", async () => {
  const { db, url } = await freshDatabase();
  const { hostId } = await addHost(db);
  const { openDatabase } = await import("#lib/db/client.ts");
  const watched = openDatabase(url, { maxConnections: 1, applicationName: "watched" });
  const writer = new FrameWriter(watched, new Registry(watched));
  await writer.append(hostId, frame(START, [["cpu.usage", 1]]));
  const queries = async () => {
    const [row] = await db.$queryRaw<{ calls: number }[]>`
      SELECT sum(calls)::int AS calls FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND query NOT LIKE '%pg_stat_statements%'`;
    return row?.calls ?? 0;
  };
  await db.$executeRaw`CREATE EXTENSION pg_stat_statements`;
  const before = await queries();
  for (let n = 1; n <= 10; n++) await writer.append(hostId, frame(START + n * 5_000, [["cpu.usage", n]]));
  assert.equal((await queries()) - before, 10);
  await watched.$disconnect();
});

test("series come and go without a frame being misread", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  await writer.append(
    frame(START, [
      ["cpu.usage", 10],
      ["disk.usage", 1, { mount: "/" }],
    ]),
  );
  await writer.append(
    frame(START + 5_000, [
      ["disk.usage", 2, { mount: "/" }],
      ["disk.usage", 50, { mount: "/new" }],
      ["cpu.usage", 20],
    ]),
  );
  await writer.append(
    frame(START + 10_000, [
      ["cpu.usage", null],
      ["disk.usage", 3, { mount: "/" }],
    ]),
  );
  const { series } = await queryRange(db, {
    hostId,
    series: ["cpu.usage", "disk.usage"],
    from: START,
    to: START + 15_000,
    stepMs: 5_000,
  });
  assert.deepEqual(
    series.map((s) => [s.name, s.points.map(([at, v]) => [at - START, v])]),
    [
      [
        "cpu.usage",
        [
          [0, 10],
          [5_000, 20],
        ],
      ],
      [
        'disk.usage{mount="/"}',
        [
          [0, 1],
          [5_000, 2],
          [10_000, 3],
        ],
      ],
      ['disk.usage{mount="/new"}', [[5_000, 50]]],
    ],
  );
  assert.equal(await db.frameSchema.count(), 2, "the third frame has the shape of the first");
});

test("frames of many days, and out of order, are stored and read as one range", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  const day = DAY_MS;
  const first = START - 40 * day;
  for (const n of [3, 0, 1, 2]) await writer.append(frame(first + n * day, [["cpu.usage", n]], day));
  const { series } = await queryRange(db, {
    hostId,
    series: ["cpu.usage"],
    from: first,
    to: first + 4 * day,
    stepMs: day,
  });
  assert.deepEqual(
    series[0]?.points.map(([, v]) => v),
    [0, 1, 2, 3],
  );
});

test("a range that asks for too much is refused with what to do", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  await writer.append(frame(START, [["cpu.usage", 1]]));
  const ask = (more: object) =>
    queryRange(db, { hostId, series: ["cpu.usage"], from: START, to: START + HOUR_MS, ...more });
  await assert.rejects(ask({ stepMs: 1 }), /take a step of 1 s or more/);
  await assert.rejects(ask({ to: START - 1 }), /later than `from`/);
  await assert.rejects(ask({ series: ["nope"] }), /matches no series/);
  await assert.rejects(findHost(db, 999), /There is no host 999/);
});

test("a query that nobody waits for any more ends in the database too, and no other does", async () => {
  const { db } = await freshDatabase();
  const reader = new AbortController();
  const sleeping = () => db.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' AND datname = current_database()`;
  const abandoned = cancellable(db, reader.signal, (tx) => tx.$queryRaw`SELECT pg_sleep(60)::text`);
  const other = cancellable(db, new AbortController().signal, (tx) => tx.$queryRaw`SELECT pg_sleep(1)::text AS slept`);
  const outcome = assert.rejects(abandoned, (error: DomainError) => error.type === "cancelled");
  while ((await sleeping()).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  reader.abort();
  await outcome;
  assert.deepEqual(await other, [{ slept: "" }]);
  assert.deepEqual(await sleeping(), []);
  await assert.rejects(
    cancellable(db, reader.signal, () => Promise.resolve()),
    /cancelled/,
  );
});

test("the snapshot has usage, rates and the database's figures", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  const host = { id: hostId, name: "web-1" };
  await assert.rejects(currentMetrics(db, host), /has sent no sample yet/);
  const at = (n: number, bytes: number) =>
    frame(START + n * 5_000, [
      ["cpu.usage", 42],
      ["memory.usage", 55],
      ["disk.usage", 20, { mount: "/" }],
      ["disk.usage", 91, { mount: "/var" }],
      ["network.receive.bytes", bytes, { interface: "eth0" }],
      ["network.receive.bytes", bytes, { interface: "eth1" }],
      ["process.count", 77],
    ]);
  await writer.append(at(0, 0));
  await writer.append(at(1, 5_000));
  await writer.append({
    ...frame(START + 5_000, []),
    source: { kind: "postgres", name: "main" },
    readings: await postgresSensor(db).read(),
  });
  const metrics = await currentMetrics(db, host);
  assert.deepEqual(
    [metrics.cpu_usage, metrics.memory_usage, metrics.disk_usage, metrics.process_count, metrics.timestamp.getTime()],
    [42, 55, 91, 77, START + 5_000],
  );
  assert.deepEqual(metrics.network_io, { receive_bytes_per_second: 2_000, transmit_bytes_per_second: null });
  assert.ok((metrics.database_performance.response_ms ?? -1) > 0);
  assert.ok((metrics.database_performance.connections ?? 0) >= 1);
});

test("a card compares the last five minutes with the same five a day before", async () => {
  const { db } = await freshDatabase();
  const thresholdOf = (metric: string) => (metric === "cpu.usage" ? 80 : null);
  const { hostId, writer } = await addHost(db);
  assert.ok(
    (await overviewCards(db, hostId, START, thresholdOf)).every(
      (card) => card.points.length === 0 && card.recent === null,
    ),
  );
  const day = DAY_MS;
  for (const [from, value] of [
    [START - day, 20],
    [START, 30],
  ] as const) {
    for (let n = 3; n >= 0; n--) await writer.append(frame(from - n * 60_000, [["cpu.usage", value + n]], 60_000));
  }
  const [cpu] = await overviewCards(db, hostId, START, thresholdOf);
  assert.deepEqual([cpu?.recent, cpu?.yesterday, cpu?.threshold], [31.5, 21.5, 80]);
  assert.equal(cpu?.points.length, 4);
});

test("health tells of no sample, an old sample, a fresh one, and a database that is away", async () => {
  const { db } = await freshDatabase();
  const { writer } = await addHost(db);
  assert.match((await checkHealth(db, "1", START)).reason ?? "", /No sample has been stored/);
  await writer.append(frame(START, [["cpu.usage", 1]]));
  assert.deepEqual(await checkHealth(db, "1", START + 14_000), {
    status: "ok",
    version: "1",
    lastSampleAt: new Date(START),
  });
  assert.match((await checkHealth(db, "1", START + 16_000)).reason ?? "", /No sample for more than 15 s/);
  const { openDatabase } = await import("#lib/db/client.ts");
  const away = openDatabase("postgresql://nobody@127.0.0.1:9/none");
  assert.match((await checkHealth(away, "1")).reason ?? "", /does not answer/);
});

test("settings keep only what was changed, and a value that is no longer allowed counts as unset", async () => {
  const { db } = await freshDatabase();
  assert.deepEqual(await readSettings(db), DEFAULT_SETTINGS);
  const user = "0192b7a0-0000-7000-8000-000000000000";
  assert.equal((await writeSettings(db, { collection_interval: 1 }, user)).collection_interval, 1);
  await db.setting.update({ where: { key: "collection_interval" }, data: { value: 0 } });
  await db.setting.create({ data: { key: "of_a_later_version", value: true } });
  assert.deepEqual(await readSettings(db), DEFAULT_SETTINGS);
});

test("every series of the catalogue comes with unit, kind and help", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  await writer.append(frame(START, [["network.receive.bytes", 1, { interface: "eth0" }]]));
  const [series] = await listSeries(db, hostId);
  assert.equal(series?.name, 'network.receive.bytes{interface="eth0"}');
  assert.deepEqual([series?.unit, series?.kind, series?.group], ["bytes", "counter", "Network"]);
});
