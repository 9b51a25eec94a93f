import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, mock, test } from "node:test";
import { Recorder } from "#lib/collect/recorder.ts";
import { Spool, type SpoolOptions } from "#lib/collect/spool.ts";
import { DomainError } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { eventually } from "../../support/eventually.ts";

const dirs: string[] = [];
const mounts: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-spool-"));
  dirs.push(dir);
  return dir;
};
after(() => {
  for (const dir of mounts) spawnSync("umount", [dir]);
  for (const dir of dirs) rmSync(dir, { recursive: true });
});

const frameAt = (at: number): Frame => ({
  source: { kind: "host", name: "" },
  at,
  intervalMs: 1_000,
  readings: Array.from({ length: 40 }, (_, n) => ({ metric: "app.load", labels: { n: String(n) }, value: at + n / 7 })),
});
const until = (holds: () => boolean) => eventually(holds, 10);
const files = (dir: string) => readdirSync(dir).filter((name) => /^\d/.test(name));

/** A store that is away until it is not, and refuses what `bad` says. */
function openSink(bad: (frame: Frame) => boolean = () => false) {
  const sink = {
    away: false,
    stored: [] as number[],
    calls: 0,
    async append(frames: Frame[]) {
      sink.calls++;
      if (sink.away) throw new Error("connection refused");
      if (frames.some(bad)) throw new DomainError("validation", "a label is no text");
      sink.stored.push(...frames.map(({ at }) => at));
    },
  };
  return sink;
}

test("while the database is away for long, frames share files, however often it is tried again", async () => {
  const dir = folder();
  const spool = new Spool(dir);
  for (let n = 1; n <= 500; n++) {
    spool.append(frameAt(n));
    await assert.rejects(
      spool.drain(async () => {
        throw new Error("away");
      }),
    );
  }
  assert.equal(files(dir).length, 1);
  assert.equal(spool.frames, 500);
});

test("thousands of frames are replayed in batches, each once and in order", async () => {
  const dir = folder();
  const before = new Spool(dir, { fileBytes: 50_000 });
  for (let n = 1; n <= 2_000; n++) before.append(frameAt(n));
  const sink = openSink();
  const spool = new Spool(dir);
  assert.equal(spool.frames, 2_000, "they are counted without being read");
  const recorder = new Recorder(sink, spool);
  await until(() => spool.isEmpty);
  await recorder.close();
  assert.deepEqual(
    sink.stored,
    Array.from({ length: 2_000 }, (_, n) => n + 1),
  );
  assert.ok(sink.calls < 100, `${sink.calls} statements`);
});

const MALFORMED: [string, string][] = [
  ["no JSON", "{"],
  ["a number", "5"],
  ["null", "null"],
  ["a list", "[1,2]"],
  ["text", '"text"'],
  ["a frame without values", '{"of":0,"at":5}'],
  ["a frame of a shape that is not there", '{"of":77,"at":5,"values":[1]}'],
  ["a frame with too few values", '{"of":0,"at":5,"values":[1]}'],
  ["a time that is text", '{"of":0,"at":"now","values":[]}'],
  ["a time that is out of range", '{"of":0,"at":1e999,"values":[]}'],
  ["a shape without series", '{"shape":1,"source":{"kind":"host","name":""},"intervalMs":5}'],
  ["an empty object", "{}"],
  ["values that are text", '{"of":0,"at":5,"values":["1"]}'],
];
for (const [name, text] of MALFORMED)
  test(`a spooled line that is ${name} is set aside and counted; the frames around it are stored`, async () => {
    const dir = folder();
    const writing = new Spool(dir);
    writing.append(frameAt(1));
    const [file] = files(dir) as [string];
    appendFileSync(join(dir, file), `${text}\n`);
    writing.append(frameAt(2));
    const sink = openSink();
    const spool = new Spool(dir);
    const recorder = new Recorder(sink, spool);
    await until(() => spool.isEmpty);
    await recorder.record(frameAt(3));
    await recorder.close();
    assert.deepEqual([sink.stored, spool.refused, spool.frames], [[1, 2, 3], 1, 0]);
    assert.match(readFileSync(join(dir, "refused.ndjson"), "utf8"), /"reason":"/);
  });

test("frames that the database can never store are found among many, set aside and told of once; a live one too", async () => {
  const dir = folder();
  const before = new Spool(dir);
  for (let n = 1; n <= 450; n++) before.append(frameAt(n));
  const bad = [1, 7, 200, 201, 450];
  const sink = openSink(({ at }) => bad.includes(at));
  const warned = mock.method(log, "warn", () => undefined);
  const spool = new Spool(dir);
  const recorder = new Recorder(sink, spool);
  await until(() => spool.isEmpty);
  await recorder.record({ ...frameAt(1) });
  await recorder.record(frameAt(451));
  await recorder.close();
  const lines = warned.mock.callCount();
  warned.mock.restore();
  assert.equal(sink.stored.length, 446);
  assert.equal(sink.stored.at(-1), 451);
  assert.equal(spool.refused, 6);
  assert.equal(lines, 1, "one line for one reason");
  assert.equal(readFileSync(join(dir, "refused.ndjson"), "utf8").trim().split("\n").length, 6);
});

test("what is set aside is bounded", () => {
  const dir = folder();
  const spool = new Spool(dir, { refusedBytes: 2_000 });
  for (let n = 0; n < 100; n++) spool.refuse({ n, text: "x".repeat(100) }, "no frame");
  assert.equal(spool.refused, 100);
  assert.ok(readFileSync(join(dir, "refused.ndjson")).length <= 2_000);
});

test("a file of the spool that cannot be read stops nothing", async () => {
  const dir = folder();
  mkdirSync(join(dir, "000000000000001-0000.ndjson"));
  writeFileSync(join(dir, "notes.txt"), "not ours");
  const sink = openSink();
  const spool = new Spool(dir);
  spool.append(frameAt(1));
  const recorder = new Recorder(sink, spool);
  await until(() => spool.isEmpty);
  await recorder.close();
  assert.deepEqual(sink.stored, [1]);
});

/** A disk that can really be full; undefined where mounting is not permitted. */
function smallDisk(options: SpoolOptions): { dir: string; spool: Spool } | undefined {
  const dir = folder();
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", dir]).status !== 0) return undefined;
  mounts.push(dir);
  return { dir, spool: new Spool(join(dir, "spool"), options) };
}
const fill = (dir: string) => {
  try {
    for (let n = 0; ; n++) writeFileSync(join(dir, `ballast-${n}`), Buffer.alloc(4_096, 1));
  } catch {
    // It is full.
  }
};
const empty = (dir: string) => {
  for (const name of readdirSync(dir)) if (name.startsWith("ballast")) rmSync(join(dir, name));
};

test("on a full disk frames go into the reserve, then into memory, and when there is room again none is lost or doubled", async (t) => {
  const disk = smallDisk({ reserveBytes: 32 * 1024 });
  if (!disk) return t.skip("mounting a small disk is not permitted here");
  const sink = openSink();
  const states: string[] = [];
  const recorder = new Recorder(sink, disk.spool, {
    onStatus: () => void states.push(`${recorder.status.state}${recorder.status.diskFull ? ", full" : ""}`),
  });
  const warned = mock.method(log, "warn", () => undefined);
  await recorder.record(frameAt(1));
  sink.away = true;
  await recorder.record(frameAt(2));
  assert.ok(readdirSync(join(disk.dir, "spool")).includes("reserve"));
  fill(disk.dir);
  for (let n = 3; n <= 200; n++) await recorder.record(frameAt(n));
  assert.ok(!readdirSync(join(disk.dir, "spool")).includes("reserve"), "the reserve was given up");
  assert.deepEqual(recorder.status, { state: "memory", diskFull: true, lost: 0 });
  assert.ok(disk.spool.frames > 2, "it had room for some");
  assert.equal(warned.mock.callCount(), 2, "a line for the database, a line for the disk");
  warned.mock.restore();
  empty(disk.dir);
  await recorder.record(frameAt(201));
  assert.equal(disk.spool.frames, 200);
  sink.away = false;
  await until(() => disk.spool.isEmpty);
  await recorder.record(frameAt(202));
  await recorder.close();
  assert.deepEqual(
    sink.stored,
    Array.from({ length: 202 }, (_, n) => n + 1),
  );
  assert.deepEqual(states, ["spooling", "memory, full", "spooling", "storing"]);
});

test("frames in memory are stored when the database comes back before the disk does", async (t) => {
  const disk = smallDisk({ reserveBytes: 0 });
  if (!disk) return t.skip("mounting a small disk is not permitted here");
  const sink = openSink();
  sink.away = true;
  fill(disk.dir);
  const recorder = new Recorder(sink, disk.spool, { ringFrames: 50 });
  for (let n = 1; n <= 60; n++) await recorder.record(frameAt(n));
  assert.deepEqual(recorder.status, { state: "memory", diskFull: true, lost: 10 - disk.spool.frames });
  sink.away = false;
  await until(() => recorder.status.state === "storing");
  await recorder.close();
  assert.equal(sink.stored.length + recorder.status.lost, 60);
  assert.equal(sink.stored.at(-1), 60);
});

test("a recorder that stands by holds what comes, and stores at its turn what the other did not", async () => {
  const sink = openSink();
  const spool = new Spool(folder());
  const recorder = new Recorder(sink, spool, { undecided: true });
  await recorder.record(frameAt(1));
  recorder.standBy();
  for (const at of [2, 3, 4]) await recorder.record(frameAt(at));
  assert.deepEqual([sink.stored, spool.frames, recorder.status.state], [[], 0, "standby"]);
  recorder.takeOver(({ at }) => at <= 3);
  await until(() => sink.stored.length === 1);
  await recorder.record(frameAt(5));
  await recorder.close();
  assert.deepEqual(sink.stored, [4, 5]);
});
