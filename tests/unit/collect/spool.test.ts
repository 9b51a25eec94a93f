import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Recorder } from "#lib/collect/recorder.ts";
import { Spool } from "#lib/collect/spool.ts";
import type { Frame } from "#lib/metrics/frame.ts";

const dirs: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-spool-"));
  dirs.push(dir);
  return dir;
};
after(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true });
});

const frameAt = (at: number, value: number | null = at): Frame => ({
  source: { kind: "host", name: "" },
  at,
  intervalMs: 1_000,
  readings: [
    { metric: "cpu.usage", labels: {}, value },
    { metric: "disk.usage", labels: { mount: "/" }, value: 1 },
  ],
});

async function drained(spool: Spool): Promise<Frame[]> {
  const frames: Frame[] = [];
  await spool.drain(async (batch) => void frames.push(...batch));
  return frames;
}

test("frames come back from the disk as they were, oldest first, also in another process", async () => {
  const dir = folder();
  const written = [frameAt(1), frameAt(2, null), { ...frameAt(3), intervalMs: 5_000 }];
  const spool = new Spool(dir);
  for (const frame of written) spool.append(frame);
  const reopened = new Spool(dir);
  assert.equal(reopened.frames, 3);
  assert.deepEqual(await drained(reopened), written);
  assert.equal(reopened.frames, 0);
  assert.deepEqual(readdirSync(dir), ["reserve"]);
});

test("half a line, left by a kill in the middle of a write, costs that frame only", async () => {
  const dir = folder();
  const spool = new Spool(dir);
  spool.append(frameAt(1));
  const file = readdirSync(dir).find((name) => name.endsWith(".ndjson")) as string;
  appendFileSync(join(dir, file), '{"of":0,"at":2,"val');
  assert.deepEqual(
    (await drained(new Spool(dir))).map((f) => f.at),
    [1],
  );
});

test("a drain that fails midway keeps the frames for the next", async () => {
  const spool = new Spool(folder());
  for (const at of [1, 2, 3]) spool.append(frameAt(at));
  await assert.rejects(
    spool.drain(async (frames) => {
      if (frames.some(({ at }) => at === 2)) throw new Error("away again");
    }),
    /away again/,
  );
  assert.deepEqual(
    (await drained(spool)).map((f) => f.at),
    [1, 2, 3],
  );
});

test("a full spool drops its oldest frames and counts them", async () => {
  const spool = new Spool(folder(), { fileBytes: 400, maxBytes: 2_000 });
  for (let at = 1; at <= 60; at++) spool.append(frameAt(at));
  assert.ok(spool.dropped > 0);
  assert.equal(spool.frames + spool.dropped, 60);
  const left = (await drained(spool)).map((f) => f.at);
  assert.equal(left.at(-1), 60);
  assert.equal(left[0], spool.dropped + 1);
});

test("while the database is away frames go to the disk; when it is back they are stored in order, each once", async () => {
  let away = true;
  const stored: number[] = [];
  const sink = {
    async append(frames: Frame[]) {
      if (away) throw new Error("connection refused");
      stored.push(...frames.map(({ at }) => at));
    },
  };
  const spool = new Spool(folder());
  const recorder = new Recorder(sink, spool);
  await recorder.record(frameAt(1));
  await recorder.record(frameAt(2));
  assert.equal(spool.frames, 2);
  away = false;
  await recorder.record(frameAt(3));
  while (spool.frames > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await recorder.record(frameAt(4));
  await recorder.close();
  assert.deepEqual(stored, [1, 2, 3, 4]);
});

test("frames that come during a long replay are stored after it", async () => {
  const dir = folder();
  const before = new Spool(dir);
  for (const at of [1, 2, 3]) before.append(frameAt(at));
  const stored: number[] = [];
  let recorder: Recorder;
  const sink = {
    async append(frames: Frame[]) {
      stored.push(...frames.map(({ at }) => at));
      if (stored.at(-1) === 3) await recorder.record(frameAt(4));
    },
  };
  const spool = new Spool(dir);
  recorder = new Recorder(sink, spool);
  while (spool.frames > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await recorder.close();
  assert.deepEqual(stored, [1, 2, 3, 4]);
});

test("the processes of frames come back from the disk as they were, their texts written once a file", async () => {
  const group = (n: number, cpu: number) => ({
    ...{ name: `worker-${n}`, container: "", unit: "app.service", count: 2, cpu, memory: 1e9, read: null, write: 7 },
    ...{ pid: 100 + n, command: `/srv/app/worker --number ${n} ${"x".repeat(150)}` },
  });
  const top = (cpu: number) => ({ spanMs: 5_000, groups: Array.from({ length: 45 }, (_, n) => group(n, cpu + n)) });
  const dir = folder();
  const spool = new Spool(dir);
  const written = [{ ...frameAt(1), processes: top(1) }, frameAt(2), { ...frameAt(3), processes: top(2) }];
  spool.append(written[0] as Frame);
  const first = statSync(join(dir, readdirSync(dir).find((name) => name.endsWith("ndjson")) ?? "")).size;
  for (const frame of written.slice(1)) spool.append(frame);
  const all = statSync(join(dir, readdirSync(dir).find((name) => name.endsWith("ndjson")) ?? "")).size;
  assert.ok(all - first < first / 3, `${first} bytes, then ${all - first}`);
  assert.deepEqual(await drained(new Spool(dir)), written);
});

test("processes that are none in a file of the spool do not take their frame along", async () => {
  const dir = folder();
  new Spool(dir).append(frameAt(1));
  const file = join(dir, readdirSync(dir).find((name) => name.endsWith("ndjson")) ?? "");
  appendFileSync(
    file,
    `{"of":0,"at":2,"values":[1,1],"top":{"spanMs":"x"}}\n{"of":0,"at":3,"values":[1,1],"top":{"spanMs":5,"texts":[],"groups":[[9,1,1,1,1,1]]}}\n`,
  );
  const frames = await drained(new Spool(dir));
  assert.deepEqual(
    frames.map(({ at, processes }) => [at, processes?.groups.length]),
    [
      [1, undefined],
      [2, undefined],
      [3, 0],
    ],
  );
});
