import assert from "node:assert/strict";
import { test } from "node:test";
import { DetectionRunner } from "#lib/anomalies/detection-runner.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import { currentMetrics } from "#lib/hosts/current.ts";
import { checkHealth } from "#lib/hosts/health.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { Hub, type LiveFrame } from "#lib/stream/hub.ts";
import { CLOCK_TOLERANCE_MS } from "#lib/time/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { appendBulk, Registry } from "#lib/tsdb/append.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const NOW = Math.floor(Date.now() / 5_000) * 5_000;
const IN_2046 = Date.UTC(2046, 0, 1);
const cpu = (at: number, value: number) => frame(at, [["cpu.usage", value]]);

/** Stores frames as they come, whatever their clock said: a writer refuses those that lie ahead of its own. */
async function storeAs({ url, hostId, instants }: { url: string; hostId: number; instants: number[] }): Promise<void> {
  const [{ default: pg }, { openDatabase }] = await Promise.all([import("pg"), import("#lib/db/client.ts")]);
  const [client, db] = [new pg.Client({ connectionString: url }), openDatabase(url, { maxConnections: 1 })];
  await client.connect();
  const target = await new Registry(db).resolve(hostId, cpu(NOW, 1));
  for (const at of instants) {
    await client.query("SELECT ensure_frame_partition($1::date)", [new Date(Math.floor(at / DAY_MS) * DAY_MS)]);
    await appendBulk(client, [{ ...target, frames: [{ at, values: [99] }] }]);
  }
  await client.end();
  await db.$disconnect();
}

const everyFiveSeconds = (from: number, to: number) =>
  Array.from({ length: (to - from) / 5_000 + 1 }, (_, n) => from + n * 5_000);

test("a frame from 2046 is not a host's newest, and health tells of it once nothing else comes", async () => {
  const { db, url } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  await writer.append(cpu(NOW, 40));
  await storeAs({ url, hostId, instants: [IN_2046] });
  const [host] = await listHosts(db, NOW);
  assert.equal(host?.lastSampleAt?.getTime(), NOW);
  const current = await currentMetrics(db, { id: hostId, name: "web-1" });
  assert.deepEqual([current.timestamp.getTime(), current.cpu_usage], [NOW, 40]);
  const health = await checkHealth(db, "1", NOW + 20_000);
  assert.equal(health.status, "unavailable");
  assert.match(health.reason ?? "", /lies \d+ days in the future: the clock was set back/);
  await writer.append(cpu(NOW + 20_000, 41));
  assert.equal((await checkHealth(db, "1", NOW + 21_000)).status, "ok", "what comes after it counts");
});

test("after a clock is set back by an hour, what was stored before is no sign of life; what comes now is", async () => {
  const { db, url } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  await storeAs({ url, hostId, instants: everyFiveSeconds(NOW - 2 * MINUTE_MS, NOW + HOUR_MS) });
  const stopped = await checkHealth(db, "1", NOW);
  assert.equal(stopped.status, "unavailable");
  assert.match(stopped.reason ?? "", /60 min in the future/);
  await writer.append(cpu(NOW, 41));
  assert.deepEqual(await checkHealth(db, "1", NOW + 1_000), {
    status: "ok",
    version: "1",
    lastSampleAt: new Date(NOW),
  });
  assert.equal((await currentMetrics(db, { id: hostId, name: "web-1" }, NOW)).cpu_usage, 41);
  assert.equal((await checkHealth(db, "1", NOW + 30_000)).status, "unavailable", "and it stopped again");
});

test("a source whose samples all lie a little ahead is alive: clocks differ", async () => {
  const { db } = await freshDatabase();
  const { writer } = await addHost(db);
  await writer.append(cpu(NOW + CLOCK_TOLERANCE_MS - 5_000, 1));
  assert.equal((await checkHealth(db, "1", NOW)).status, "ok");
});

test("the live view goes on from now after the clock was set back, and a frame from 2046 does not hold it up", async () => {
  const { db, url } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  const hub = new Hub(db);
  const seen: LiveFrame[] = [];
  let stale = 0;
  hub.add({ onFrame: (live) => seen.push(live), onStale: () => stale++, onAlerts: () => undefined });
  await storeAs({ url, hostId, instants: everyFiveSeconds(NOW - MINUTE_MS, NOW + MINUTE_MS) });
  await storeAs({ url, hostId, instants: [IN_2046] });
  const source = (await db.source.findFirstOrThrow()).id;
  const tell = (at: number) => hub.notice({ host: hostId, source, at, storedAt: 0 });
  await tell(IN_2046);
  assert.deepEqual(seen, []);
  for (const at of [NOW - 10_000, NOW - 5_000, NOW]) {
    await writer.append(cpu(at, 7));
    await tell(at);
  }
  assert.deepEqual(
    seen.map(({ at }) => at),
    [NOW - 10_000, NOW - 5_000, NOW],
    "each as it is told of, and nothing that lies behind it",
  );
  assert.equal(stale, 0);
});

test("detection that had reached a clock's future judges the minutes that come now", async () => {
  const { db, url } = await freshDatabase();
  const now = Math.floor(NOW / HOUR_MS) * HOUR_MS;
  await addHistory(url, "web-1", {
    series: [["cpu.usage"]],
    from: now - DAY_MS,
    to: now + HOUR_MS,
    stepMs: MINUTE_MS,
    valuesAt: (at) => [20 + Math.sin(at / 7_919)],
  });
  const ahead = new DetectionRunner(db, "UTC");
  await ahead.step(DEFAULT_SETTINGS, Date.UTC(2046, 0, 1));
  await ahead.save(Date.UTC(2046, 0, 1));
  const samples = async (runner: DetectionRunner, at: number) => (await runner.step(DEFAULT_SETTINGS, at)).samples;
  const afterMinutes = async (runner: DetectionRunner, first: number) => {
    const judged: number[] = [];
    for (const n of [0, 1, 2]) judged.push(await samples(runner, now + (first + n) * MINUTE_MS + 4_000));
    return judged;
  };
  assert.deepEqual(await afterMinutes(ahead, 2), [1, 1, 1]);
  await ahead.save(now + 4 * MINUTE_MS);
  assert.deepEqual(
    await afterMinutes(new DetectionRunner(db, "UTC"), 5),
    [1, 1, 1],
    "also one that starts with what was saved",
  );
});

test("what detection learned under a wrong clock is replaced by what it learns under the right one", async () => {
  const { db, url } = await freshDatabase();
  const now = Math.floor(NOW / HOUR_MS) * HOUR_MS;
  await addHistory(url, "web-1", {
    series: [["cpu.usage"]],
    from: now - HOUR_MS,
    to: now,
    stepMs: MINUTE_MS,
    valuesAt: () => [1],
  });
  const runner = new DetectionRunner(db, "UTC");
  await runner.step(DEFAULT_SETTINGS, now + HOUR_MS);
  await runner.save(now + HOUR_MS);
  await runner.step(DEFAULT_SETTINGS, now);
  await runner.save(now);
  const { upTo } = await db.detectorState.findFirstOrThrow();
  assert.ok(upTo.getTime() <= now, upTo.toISOString());
});
