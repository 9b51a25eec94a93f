import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Recorder } from "#lib/collect/recorder.ts";
import { Spool } from "#lib/collect/spool.ts";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { HeldLock } from "#lib/db/held-lock.ts";
import { HostFrameSink } from "#lib/hosts/frame-sink.ts";
import { RecorderLease } from "#lib/hosts/recorder-lease.ts";
import { readRecorderReport, withRecorder, writeRecorderReport } from "#lib/hosts/recorder-status.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { closingAfter } from "../support/closing.ts";
import { freshDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { Relay } from "../support/relay.ts";

const identity = { machineId: "id-of-web-1", name: "web-1", system: { os: "Debian 12", cores: 2 } };
const NOW = Math.floor(Date.now() / 1_000) * 1_000;
const frameAt = (at: number, labels: Record<string, string> = {}): Frame => ({
  source: { kind: "host", name: "" },
  at,
  intervalMs: 1_000,
  readings: [{ metric: "cpu.usage", labels, value: at % 97 }],
});
const until = (holds: () => boolean | Promise<boolean>, seconds = 30) => eventually(holds, seconds);

const closing = closingAfter();
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-recorder-"));
  closing.push(() => rmSync(dir, { recursive: true }));
  return dir;
};

const instants = async (db: Database) =>
  (await db.frame.findMany({ orderBy: { at: "asc" }, select: { at: true } })).map(({ at }) => at.getTime());

test("one frame that cannot be stored, of whatever kind, keeps none of the others back", async () => {
  const { db } = await freshDatabase();
  const spool = new Spool(folder());
  const sink = new HostFrameSink(db, async () => identity);
  const good = (n: number) => frameAt(NOW - n * 1_000);
  const bad: Frame[] = [
    { ...good(0), at: Number.NaN },
    { ...good(0), at: 1e308 },
    { ...good(0), at: -1 },
    { ...good(0), at: NOW + 0.5 },
    { ...good(0), at: Date.UTC(2046, 0, 1) },
    { ...good(0), intervalMs: 2 ** 31 },
    { ...good(0), intervalMs: 0 },
    { ...good(0), source: { kind: "app", name: "a\u0000b" } },
    { ...good(0), source: { kind: "no kind", name: "" } },
    { ...good(0), readings: null as never },
    { ...good(0), source: undefined as never },
    null as never,
  ];
  const recorder = new Recorder(sink, spool);
  for (const [n, frame] of bad.entries()) {
    await recorder.record(good(2 * n + 1));
    await recorder.record(frame);
  }
  await recorder.record({ ...good(0), readings: [...good(0).readings, ...frameAt(0, { a: "\u0000" }).readings] });
  await recorder.close();
  assert.equal(spool.refused, bad.length);
  assert.equal(spool.frames, 0);
  assert.equal(await db.frame.count(), bad.length + 1, "of a frame with one bad label the rest is stored");
  for (const frame of bad) await assert.rejects(sink.append([good(50), frame]), { type: "validation" });
  assert.equal(await db.frame.count(), bad.length + 1, "a batch is all or none");
});

test("a batch is stored by one statement, each frame once, and the newest of a source is told of", async () => {
  const { db } = await freshDatabase();
  const sink = new HostFrameSink(db, async () => identity);
  const frames = Array.from({ length: 200 }, (_, n) => frameAt(NOW - DAY_MS + n * 1_000));
  await sink.append([...frames, ...frames.slice(0, 10)]);
  await sink.append(frames);
  assert.equal(await db.frame.count(), 200);
});

test("frames collected before the database ever answered are stored once it does, under the host's number of then", async () => {
  const { db } = await freshDatabase();
  const spool = new Spool(folder());
  const away = openDatabase("postgresql://nobody@127.0.0.1:9/none");
  const recorder = new Recorder(new HostFrameSink(away, async () => identity), spool);
  for (const n of [1, 2, 3]) await recorder.record(frameAt(NOW - 10_000 + n * 1_000));
  await recorder.close();
  assert.equal(spool.frames, 3);
  const next = new Recorder(new HostFrameSink(db, async () => identity), spool);
  await until(() => spool.isEmpty);
  await next.close();
  assert.equal(await db.frame.count(), 3);
});

/** A recorder of the host with a lease, that gets the same frames as the others. */
function openRecorder(url: string, stalledMs = 30_000) {
  const db = openDatabase(url, { maxConnections: 2 });
  const spool = new Spool(folder());
  const sink = new HostFrameSink(db, async () => identity);
  const recorder = new Recorder(sink, spool, { undecided: true });
  const lease = new RecorderLease(url, db, {
    hostId: () => sink.hostId(),
    intervalMs: () => 100,
    stalledMs,
    listener: { storeFrames: (isStored) => recorder.takeOver(isStored), standBy: () => recorder.standBy() },
  });
  lease.start();
  let closed: Promise<void> | undefined;
  const end = async () => {
    await lease.close();
    await recorder.close();
    await db.$disconnect();
  };
  const close = () => {
    closed ??= end();
    return closed;
  };
  // A test that fails must not leave the process waiting.
  closing.push(close);
  return { recorder, close, spool };
}

/** Gives both a frame every 100 ms until stopped; each portal measures its own values. */
function feed(recorders: Recorder[]) {
  const sent: number[] = [];
  let at = NOW - DAY_MS;
  const timer = setInterval(() => {
    at += 1_000;
    sent.push(at);
    for (const [n, recorder] of recorders.entries()) {
      const frame = frameAt(at);
      void recorder.record({ ...frame, readings: frame.readings.map((r) => ({ ...r, value: n })) });
    }
  }, 100);
  const stop = () => clearInterval(timer);
  closing.push(stop);
  return { sent, stop };
}

test("of two portals on one database one stores a host's frames; when it ends the other goes on without a gap", async () => {
  const { db, url } = await freshDatabase();
  const first = openRecorder(url);
  await until(() => first.recorder.status.state === "storing");
  const feeding = feed([first.recorder]);
  await until(async () => (await db.frame.count()) > 0);
  feeding.stop();
  const second = openRecorder(url);
  const both = feed([first.recorder, second.recorder]);
  await until(() => second.recorder.status.state === "standby");
  await until(() => both.sent.length > 20);
  assert.equal(second.spool.frames, 0, "nothing is spooled while the other stores");
  both.stop();
  await first.close();
  const last = feed([second.recorder]);
  await until(() => second.recorder.status.state === "storing");
  await until(() => last.sent.length > 5);
  last.stop();
  await second.close();
  const stored = new Set(await instants(db));
  assert.deepEqual(
    [...both.sent].filter((at) => !stored.has(at)),
    [],
  );
});

test("a recorder whose connection is ended finds out, and there is never a time without one that stores", async () => {
  const { db, url } = await freshDatabase();
  const [first, second] = [openRecorder(url), openRecorder(url)];
  const feeding = feed([first.recorder, second.recorder]);
  const states = () => [first, second].map(({ recorder }) => recorder.status.state).sort();
  await until(() => states().join() === "standby,storing");
  await db.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sightline-lock' AND datname = current_database()`;
  await until(() => feeding.sent.length > 40);
  await until(() => states().join() === "standby,storing");
  await until(() => feeding.sent.length > 60);
  feeding.stop();
  await first.close();
  await second.close();
  const stored = new Set(await instants(db));
  assert.deepEqual(
    feeding.sent.filter((at) => !stored.has(at)),
    [],
  );
});

test("a recorder behind a half-open connection loses the lease, and what it cannot store waits on its disk", async () => {
  const { url } = await freshDatabase();
  const wire = await Relay.open(url);
  closing.push(() => wire.close());
  const first = openRecorder(wire.url);
  await until(() => first.recorder.status.state === "storing");
  wire.silence();
  const feeding = feed([first.recorder]);
  await until(() => first.recorder.status.state === "spooling" && first.spool.frames > 0, 60);
  feeding.stop();
  wire.close();
  await first.close();
});

test("a recorder that has the lease and stores nothing, since it hangs, loses it to the one that stands by", async () => {
  const { db, url } = await freshDatabase();
  const sink = new HostFrameSink(db, async () => identity);
  const hung = new HeldLock(
    url,
    "sightline.recorder",
    () => sink.hostId(),
    () => undefined,
  );
  hung.start();
  closing.push(() => hung.close());
  const held = async () =>
    (
      await db.$queryRaw<
        unknown[]
      >`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = hashtext('sightline.recorder')::bigint & 4294967295`
    ).length;
  await until(async () => (await held()) > 0);
  const second = openRecorder(url, 1_500);
  const feeding = feed([second.recorder]);
  await until(() => second.recorder.status.state === "standby");
  await until(async () => (await db.frame.count()) > 0);
  feeding.stop();
  await second.close();
  const stored = new Set(await instants(db));
  assert.deepEqual(
    feeding.sent.filter((at) => !stored.has(at)),
    [],
  );
});

test("health says which portal stands by, that the disk is full, and that it is nearly so", () => {
  const dir = folder();
  const health = { status: "unavailable", reason: "The database does not answer" };
  assert.deepEqual(withRecorder(health, readRecorderReport(dir)), health);
  writeRecorderReport(dir, { state: "memory", diskFull: true, lost: 103, lowBytes: 0 });
  const full = withRecorder(health, readRecorderReport(dir));
  assert.match(full.reason ?? "", /^The disk is full.*103 are lost.*The database does not answer$/);
  writeRecorderReport(dir, { state: "standby", diskFull: false, lost: 0, lowBytes: 300 * 1024 ** 2 });
  const { warnings } = withRecorder({ status: "ok" }, readRecorderReport(dir));
  assert.match(warnings?.join("\n") ?? "", /this portal's stands by\nOnly 300 MiB/);
});

test("writers that meet a new host at the same moment store a frame each, and none is refused for good", async () => {
  for (let round = 0; round < 5; round++) {
    const { db, url } = await freshDatabase();
    const portals = Array.from({ length: 6 }, () => openDatabase(url, { maxConnections: 2 }));
    const sinks = portals.map((portal) => new HostFrameSink(portal, async () => identity));
    await Promise.all(sinks.map((sink, n) => sink.append([frameAt(NOW - n * 1_000)])));
    assert.equal(await db.frame.count(), sinks.length);
    assert.equal(await db.host.count(), 1);
    await Promise.all(portals.map((portal) => portal.$disconnect()));
  }
});
