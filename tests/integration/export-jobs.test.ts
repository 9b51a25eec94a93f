import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import type { Database } from "#lib/db/client.ts";
import { exportHandler, makeFiles, openFile, withPath } from "#lib/exports/files.ts";
import { createJob, listJobs, removeJob } from "#lib/exports/jobs.ts";
import { claimJob, dueTimes } from "#lib/jobs/queue.ts";
import { runDueJobs } from "#lib/jobs/worker.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const START = Date.UTC(2026, 7, 3);
const SECRET = "a secret for tests only";
const DAYS = 20;

let db: Database;
let dir: string;
let ownerId: string;
const never = new AbortController().signal;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  dir = await mkdtemp(join(tmpdir(), "sightline-exports-"));
  await addHistory(fresh.url, "web-1", {
    series: [["cpu.usage"], ["memory.usage"]],
    from: START,
    to: START + DAYS * DAY_MS,
    stepMs: MINUTE_MS,
    valuesAt: (_, n) => [n % 100, n % 7],
  });
  const person = { email: "ana@example.org", name: "Ana", passwordHash: "x", role: "analyst" as const };
  ownerId = (await db.user.create({ data: person })).id;
});

after(() => rm(dir, { recursive: true, force: true }));

const request = (days = DAYS): ExportRequest => ({
  kind: "samples",
  series: ["cpu.usage", "memory.usage"],
  from: String(START),
  to: String(START + days * DAY_MS),
  layout: "long",
});

const queue = (what: ExportRequest = request(), format: "csv" | "ndjson" = "ndjson") =>
  createJob(db, what, { ownerId, role: "analyst", format, now: Date.now() });
const newest = async () => (await listJobs(db, ownerId))[0];
const source = () => ({ dir, secret: SECRET, now: Date.now() });
const tokenOf = (path: string | null | undefined) => path?.split("/").at(-1) ?? "";
const text = async (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

test("a queued export becomes a file, whole or in ranges, for whoever has its link until it expires", async () => {
  const { job } = await queue();
  assert.deepEqual([job.status, job.rowsExpected, job.name], ["queued", 2 * DAYS * 1_440, "samples-web-1.ndjson"]);
  assert.equal(withPath(job, SECRET).path, null);
  assert.equal(await makeFiles(db, dir, never), 1);
  const done = await newest();
  assert.ok(done);
  assert.deepEqual([done.status, done.rowsDone, done.failure], ["done", 2 * DAYS * 1_440, null]);
  const token = tokenOf(withPath(done, SECRET).path);
  const whole = await openFile(db, { token, range: null }, source());
  const content = await text(whole.bytes());
  assert.equal(content.length, done.bytes);
  assert.equal(content.trimEnd().split("\n").length, done.rowsDone);
  const read = async (range: string) => text((await openFile(db, { token, range }, source())).bytes());
  assert.equal((await read("bytes=0-99999")) + (await read("bytes=100000-")), content);
  assert.equal(await read("bytes=-10"), content.slice(-10));
  await assert.rejects(openFile(db, { token, range: `bytes=${content.length}-` }, source()), /begins after its end/);
  await assert.rejects(openFile(db, { token: `${token}x`, range: null }, source()), /expired or is incomplete/);
  const later = { ...source(), now: Date.now() + 4 * DAY_MS };
  await assert.rejects(openFile(db, { token, range: null }, later), /has expired/);
});

test("an export in steps is made in them, also one that an earlier version queued", async () => {
  const hourly = { ...request(), step: HOUR_MS } as ExportRequest;
  const { job } = await queue(hourly);
  assert.equal(await makeFiles(db, dir, never), 1);
  assert.deepEqual([(await newest())?.status, (await newest())?.rowsDone], ["done", 2 * DAYS * 24]);
  const earlier = (await queue(hourly)).job;
  // As 0.1.0 stored it: as the API was asked.
  await db.exportJob.update({ where: { id: earlier.id }, data: { request: { ...request(), step: "1h" } } });
  assert.equal(await makeFiles(db, dir, never), 1);
  assert.deepEqual([(await newest())?.id, (await newest())?.rowsDone], [earlier.id, 2 * DAYS * 24]);
  for (const id of [job.id, earlier.id]) await removeJob(db, ownerId, id);
});

test("what would be refused is refused before it is queued, and nobody queues without end", async () => {
  const role = "viewer" as const;
  const huge = { ...request(), from: "0" } as ExportRequest;
  await assert.rejects(createJob(db, huge, { ownerId, role, format: "csv", now: Date.now() }), /at most 1000000/);
  const audit: ExportRequest = { kind: "audit", from: "now-1d", to: "now" };
  await assert.rejects(
    createJob(db, audit, { ownerId, role, format: "csv", now: Date.now() }),
    /needs one of the roles admin/,
  );
  for (let n = 0; n < 5; n++) await queue(request(1));
  await assert.rejects(queue(request(1)), /5 of your exports are pending/);
  for (const { id, status } of await listJobs(db, ownerId)) if (status === "queued") await removeJob(db, ownerId, id);
  assert.equal((await dueTimes(db)).has("export"), false);
});

test("an export that is cancelled leaves no file, and another's cannot be touched", async () => {
  const { job } = await queue();
  await assert.rejects(removeJob(db, "00000000-0000-7000-8000-000000000000", job.id), /You have no export/);
  const running = makeFiles(db, dir, never);
  while ((await newest())?.status === "queued") await new Promise((resolve) => setTimeout(resolve, 2));
  await removeJob(db, ownerId, job.id);
  await running;
  assert.equal((await newest())?.status, "cancelled");
  assert.ok(!(await readdir(dir)).some((name) => name.startsWith(String(job.id))));
});

test("a worker that is stopped puts its export back; one that dies loses it to another, three times at most", async () => {
  const { job } = await queue();
  const stop = new AbortController();
  const running = makeFiles(db, dir, stop.signal);
  while ((await newest())?.status === "queued") await new Promise((resolve) => setTimeout(resolve, 2));
  stop.abort();
  await running;
  const back = await newest();
  assert.ok(back?.status === "queued" || back?.status === "done");
  await makeFiles(db, dir, never);
  assert.equal((await newest())?.status, "done");

  // A worker that claimed it and was killed: nobody else has it while its lease lasts.
  const { job: another } = await queue();
  let now = Date.now();
  for (let n = 1; n <= 3; n++) {
    assert.equal((await claimJob(db, "export", now))?.key, String(another.id));
    assert.equal(await claimJob(db, "export", now + 1_000), undefined);
    now += 31_000;
  }
  await db.exportJob.update({ where: { id: another.id }, data: { status: "running" } });
  await runDueJobs(db, "export", exportHandler(db, dir), { now: () => now });
  const failed = await newest();
  assert.equal(failed?.status, "failed");
  assert.match(failed?.failure ?? "", /interrupted 3 times/);
  assert.equal(job.status, "queued");
});

test("files that no export has any more are swept away", async () => {
  await writeFile(join(dir, "99999"), "stray");
  await writeFile(join(dir, "99998.part"), "stray");
  const { job } = await queue(request(1), "csv");
  await makeFiles(db, dir, never);
  assert.ok((await stat(join(dir, String(job.id)))).size > 1_000);
  await db.exportJob.update({ where: { id: job.id }, data: { expiresAt: new Date(0) } });
  await makeFiles(db, dir, never);
  assert.equal((await newest())?.status, "expired");
  const left = await readdir(dir);
  assert.ok(!left.includes("99999") && !left.includes("99998.part") && !left.includes(String(job.id)));
});
