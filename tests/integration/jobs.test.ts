import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { mock, test } from "node:test";
import type { QueueName } from "#lib/contract/enums.ts";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { Dispatcher } from "#lib/jobs/dispatcher.ts";
import {
  backoff,
  cancelJob,
  claimJob,
  dueTimes,
  ensureJobs,
  JOB_CHANNEL,
  QUEUES,
  renewLease,
  sendJob,
} from "#lib/jobs/queue.ts";
import { type JobHandler, runDueJobs } from "#lib/jobs/worker.ts";
import { log } from "#lib/log.ts";
import { createSchedule, listSchedules, runSchedules } from "#lib/reports/schedule.ts";
import { listen } from "#lib/stream/listener.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { administer, freshDatabase } from "../support/database.ts";
import { setMailServer } from "../support/mail-server.ts";
import { addPerson } from "../support/people.ts";

type Payload = { name: string };

const send = (db: Database, name: string, runAt?: Date) =>
  sendJob(db, "webhook", { key: name, payload: { name }, ...(runAt ? { runAt } : {}) });

/** A handler that keeps what it ran, and fails where `fails` says so. */
function recording(fails: (name: string) => boolean = () => false) {
  const [ran, failures]: [string[], [string, string, boolean][]] = [[], []];
  const handler: JobHandler<Payload> = {
    async run({ name }) {
      ran.push(name);
      if (fails(name)) throw new Error(`${name} does not work`);
    },
    async failed({ name }, reason, last) {
      failures.push([name, reason, last]);
    },
  };
  return { ran, failures, handler };
}

test("a job runs once, however often it is sent and however many workers there are", async () => {
  const { db } = await freshDatabase();
  for (let n = 0; n < 30; n++) for (let twice = 0; twice < 2; twice++) await send(db, `job ${n}`);
  assert.equal(await send(db, "job 0"), false, "it waits already");
  const { ran, handler } = recording();
  const counts = await Promise.all([1, 2, 3, 4].map(() => runDueJobs(db, "webhook", handler)));
  assert.equal(
    counts.reduce((sum, { done }) => sum + done, 0),
    30,
  );
  assert.deepEqual([...ran].sort(), Array.from({ length: 30 }, (_, n) => `job ${n}`).sort());
  assert.equal(await db.job.count(), 0);
});

test("a job that always fails ends as failed with its reason, and stops no other", async () => {
  const { db } = await freshDatabase();
  await send(db, "broken");
  for (let n = 0; n < 3; n++) await send(db, `good ${n}`);
  const { ran, failures, handler } = recording((name) => name === "broken");
  let now = Date.now();
  assert.deepEqual(await runDueJobs(db, "webhook", handler, { now: () => now }), { done: 3, failed: 1 });
  for (let n = 0; n < QUEUES.webhook.maxAttempts; n++) {
    now += 8 * HOUR_MS;
    await runDueJobs(db, "webhook", handler, { now: () => now });
  }
  assert.equal(ran.filter((name) => name === "broken").length, QUEUES.webhook.maxAttempts);
  assert.deepEqual(failures.at(-1), ["broken", "broken does not work", true]);
  assert.ok(failures.slice(0, -1).every(([, , last]) => !last));
  const left = await db.job.findFirstOrThrow();
  assert.deepEqual([left.state, left.lastError], ["failed", "broken does not work"]);
  assert.equal((await dueTimes(db)).size, 0);
  assert.equal(await ensureJobs(db, "webhook", [{ key: "broken", payload: {}, runAt: new Date() }]), 0);
  assert.equal(await send(db, "broken"), true, "sent again by hand, it begins again");
});

test("what fails is tried again later and later, for days", () => {
  const pauses = Array.from({ length: QUEUES.mail.maxAttempts - 1 }, (_, n) => backoff(QUEUES.mail, n + 1, () => 0.5));
  assert.deepEqual(
    pauses.slice(0, 4),
    [1, 2, 4, 8].map((minutes) => minutes * MINUTE_MS),
  );
  const total = pauses.reduce((sum, pause) => sum + pause, 0);
  assert.ok(total > 3 * DAY_MS && total < 7 * DAY_MS, `${total / DAY_MS} days`);
  assert.ok(backoff(QUEUES.mail, 1, () => 0) < backoff(QUEUES.mail, 1, () => 1));
});

test("a worker that is killed in the midst of a job loses it to another, which does it; none is lost or done twice", {
  timeout: 60_000,
}, async () => {
  const { db, url } = await freshDatabase();
  for (let n = 0; n < 3; n++) await send(db, `job ${n}`);
  const worker = spawn(process.execPath, [join(import.meta.dirname, "..", "support", "job-worker.ts"), url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  worker.stdout.on("data", (chunk) => {
    output += chunk;
  });
  while (!output.includes("begun job 1")) await once(worker.stdout, "data");
  worker.kill("SIGKILL");
  await once(worker, "exit");
  const { ran, handler } = recording();
  await runDueJobs(db, "webhook", handler);
  assert.deepEqual(ran, ["job 2"], "while its lease lasts, nobody else has the job of the dead");
  await runDueJobs(db, "webhook", handler, { now: () => Date.now() + QUEUES.webhook.leaseMs + 1_000 });
  assert.deepEqual(ran, ["job 2", "job 1"]);
  assert.equal(await db.job.count(), 0);
});

test("a worker that was taken for dead cannot end the job of the one that took over", async () => {
  const { db } = await freshDatabase();
  await send(db, "slow");
  const now = Date.now() + 10;
  const first = await claimJob<Payload>(db, "webhook", now);
  assert.ok(first);
  const later = now + QUEUES.webhook.leaseMs + 1;
  const second = await claimJob<Payload>(db, "webhook", later);
  assert.equal(second?.id, first.id);
  assert.equal(await renewLease(db, "webhook", first, later), false);
  assert.equal(await renewLease(db, "webhook", second, later), true);
});

/** Shuts a worker out of the database, or lets it in again. */
async function setReachable(url: string, reachable: boolean): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${reachable}`);
  await administer(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND application_name = 'worker'`,
  );
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("a job outlasts a short outage of the database, and is left when another worker may have it", {
  timeout: 60_000,
}, async () => {
  const { db, url } = await freshDatabase();
  const worker = openDatabase(url, { applicationName: "worker", maxConnections: 2 });
  await send(db, "long");
  const { leaseMs } = QUEUES.webhook;
  const began = Date.now() + 10;
  let now = began;
  const warnings = mock.method(log, "warn", () => undefined);
  const storedUntil = async () => (await db.job.findFirst())?.leaseUntil?.getTime();
  const steps: string[] = [];
  const run: JobHandler<Payload>["run"] = async (_payload, _job, signal) => {
    await setReachable(url, false);
    now = began + leaseMs / 2;
    await until(() => warnings.mock.callCount() > 0);
    steps.push(`short outage: ${signal.aborted}`);
    await setReachable(url, true);
    now = began + 0.8 * leaseMs;
    await until(async () => (await storedUntil()) === now + leaseMs);
    now = began + 1.2 * leaseMs;
    await until(async () => (await storedUntil()) === now + leaseMs);
    steps.push(`renewed beyond its first end: ${signal.aborted}`);
    await setReachable(url, false);
    now += leaseMs;
    await until(() => signal.aborted);
    steps.push("left");
    await setReachable(url, true);
    throw signal.reason;
  };
  assert.deepEqual(await runDueJobs<Payload>(worker, "webhook", { run }, { now: () => now }), { done: 0, failed: 0 });
  assert.deepEqual(steps, ["short outage: false", "renewed beyond its first end: false", "left"]);
  warnings.mock.restore();
  await worker.$disconnect();
  const { ran, handler } = recording();
  await runDueJobs(db, "webhook", handler, { now: () => now + 1 });
  assert.deepEqual(ran, ["long"], "it is another's");
});

test("a job whose renewal the database never answers is left all the same", { timeout: 60_000 }, async () => {
  const { db } = await freshDatabase();
  await send(db, "long");
  let now = Date.now() + 10;
  const renewing = async () =>
    (await db.$queryRaw<object[]>`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`).length > 0;
  let aborted = false;
  const run: JobHandler<Payload>["run"] = async (_payload, _job, signal) => {
    await db.$transaction(
      async (tx) => {
        await tx.$executeRaw`LOCK TABLE job IN ACCESS EXCLUSIVE MODE`;
        now += QUEUES.webhook.leaseMs / 2;
        await until(renewing);
        now += QUEUES.webhook.leaseMs / 2;
        await until(() => signal.aborted);
        aborted = true;
      },
      { timeout: 30_000 },
    );
    throw signal.reason;
  };
  await runDueJobs<Payload>(db, "webhook", { run }, { now: () => now });
  assert.ok(aborted);
});

test("a job that is cancelled does not run; a worker that is stopped gives its job back as it was", async () => {
  const { db } = await freshDatabase();
  await send(db, "cancelled");
  await cancelJob(db, "webhook", "cancelled");
  await send(db, "stopped");
  const stop = new AbortController();
  let released = 0;
  const counts = await runDueJobs<Payload>(
    db,
    "webhook",
    {
      async run(_payload, _job, signal) {
        setTimeout(() => stop.abort(), 10);
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
      },
      async released() {
        released++;
      },
    },
    { signal: stop.signal },
  );
  assert.deepEqual([counts, released], [{ done: 0, failed: 0 }, 1]);
  const left = await db.job.findMany();
  assert.deepEqual(
    left.map(({ key, state, attempts }) => [key, state, attempts]),
    [["stopped", "queued", 0]],
  );
});

test("a dispatcher starts what is due at once when it is queued, each queue for itself, and stops when told", async () => {
  const { db, url } = await freshDatabase();
  const began = Date.now();
  const seen: [QueueName, number][] = [];
  const work = (queue: QueueName) => async (signal: AbortSignal) => {
    if (queue === "mail") throw new Error("the mail server is away");
    await runDueJobs(db, queue, { run: async () => void seen.push([queue, Date.now() - began]) }, { signal });
    // One that takes long holds up no other.
    if (queue === "export") await new Promise((resolve) => setTimeout(resolve, 500));
  };
  const dispatcher = new Dispatcher(db, {
    export: work("export"),
    mail: work("mail"),
    alert: work("alert"),
    notice: work("notice"),
    webhook: work("webhook"),
    "report schedule": work("report schedule"),
  });
  const stop = new AbortController();
  const listener = listen(
    url,
    [JOB_CHANNEL],
    () => dispatcher.wake(),
    () => dispatcher.wake(),
  );
  const running = dispatcher.run(stop.signal);
  await sendJob(db, "mail", { key: "1", payload: {} });
  await sendJob(db, "export", { key: "1", payload: {} });
  await sendJob(db, "webhook", { key: "1", payload: {} });
  while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await sendJob(db, "report schedule", { key: "1", payload: {} });
  while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(
    seen.every(([, ms]) => ms < 10_000),
    "long before it would look by itself",
  );
  stop.abort();
  await running;
  await listener.close();
  assert.equal(await db.job.count(), 1, "the mail waits for its server");
});

test("a schedule that cannot run says why, and every other one runs all the same", async () => {
  const { db } = await freshDatabase();
  const start = Date.UTC(2026, 9, 5);
  await setMailServer(db);
  const plan = { type: "executive" as const, templateId: null, hostIds: [], days: 1, roles: [], quiet: false };
  const when = { cron: "0 7 * * *", zone: "UTC", recipients: ["bo@example.org"] };
  const actor = { userId: await addPerson(db, "admin"), role: "admin" as const, now: start };
  const ids: number[] = [];
  for (const name of ["a bad zone", "a bad cron", "good"])
    ids.push(await createSchedule(db, { ...plan, ...when, name }, actor));
  await db.reportSchedule.update({ where: { id: ids[0] ?? 0 }, data: { zone: "Nowhere/None" } });
  await db.reportSchedule.update({ where: { id: ids[1] ?? 0 }, data: { cron: "0 0 30 2 *" } });
  assert.equal(await runSchedules(db, { now: () => start + DAY_MS }), 1);
  const schedules = await listSchedules(db);
  assert.match(schedules.find(({ name }) => name === "a bad zone")?.failure ?? "", /is not a time zone/);
  assert.match(schedules.find(({ name }) => name === "a bad cron")?.failure ?? "", /never comes/);
  assert.deepEqual(
    schedules
      .map(({ name, failure, deliveries }) => [name, failure === null, deliveries.length])
      .filter(([name]) => name === "good"),
    [["good", true, 1]],
  );
});

test("a worker that dies as it gives a job up has told the reader before", async () => {
  const { db } = await freshDatabase();
  await send(db, "broken");
  await db.job.updateMany({ data: { attempts: QUEUES.webhook.maxAttempts - 1 } });
  let stateAtCallback: string | undefined;
  const handler: JobHandler<Payload> = {
    run: () => Promise.reject(new Error("broken")),
    async failed(_payload, _reason, last) {
      assert.ok(last);
      stateAtCallback = (await db.job.findFirstOrThrow()).state;
    },
  };
  assert.deepEqual(await runDueJobs(db, "webhook", handler), { done: 0, failed: 1 });
  assert.equal(stateAtCallback, "running", "until the reader's row says so, the job is not over");
  assert.equal((await db.job.findFirstOrThrow()).state, "failed");
});

test("a job whose failure cannot be written down stops no other, and comes back", async () => {
  const { db } = await freshDatabase();
  for (const name of ["bad", "good 1", "good 2"]) await send(db, name);
  const { ran, handler } = recording((name) => name === "bad");
  const failed = () => Promise.reject(new Error("the reader's row is locked"));
  assert.deepEqual(await runDueJobs(db, "webhook", { ...handler, failed }), { done: 2, failed: 1 });
  const later = Date.now() + QUEUES.webhook.leaseMs + MINUTE_MS;
  assert.deepEqual(await runDueJobs(db, "webhook", handler, { now: () => later }), { done: 0, failed: 1 });
  assert.deepEqual(ran, ["bad", "good 1", "good 2", "bad"]);
});

test("a schedule that failed for days runs at its next time once it is mended", async () => {
  const { db } = await freshDatabase();
  const start = Date.UTC(2026, 9, 5);
  await setMailServer(db);
  const plan = { type: "executive" as const, templateId: null, hostIds: [], days: 1, roles: [], quiet: false };
  await createSchedule(
    db,
    { ...plan, name: "Daily", cron: "0 7 * * *", zone: "UTC", recipients: ["bo@example.org"] },
    { userId: await addPerson(db, "admin"), role: "admin", now: start },
  );
  await db.$executeRaw`ALTER TABLE report_delivery ADD CONSTRAINT broken CHECK (false) NOT VALID`;
  let now = start;
  for (; now < start + 5 * DAY_MS; now += HOUR_MS) assert.equal(await runSchedules(db, { now: () => now }), 0);
  assert.match((await listSchedules(db))[0]?.failure ?? "", /report_delivery|relation/);
  await db.$executeRaw`ALTER TABLE report_delivery DROP CONSTRAINT broken`;
  let mails = 0;
  for (const end = now + DAY_MS; now < end; now += HOUR_MS) mails += await runSchedules(db, { now: () => now });
  assert.ok(mails > 0, "a mail within a day");
});

test("a schedule that was away for a year of minutes catches up in one jump", async () => {
  const { db } = await freshDatabase();
  await setMailServer(db);
  const start = Date.UTC(2026, 0, 1);
  const id = await createSchedule(
    db,
    {
      ...{ name: "Each minute", type: "executive", templateId: null, hostIds: [], days: 1, cron: "* * * * *" },
      ...{ zone: "Europe/Berlin", recipients: ["bo@example.org"], roles: [], quiet: false },
    },
    { userId: await addPerson(db, "admin"), role: "admin", now: start },
  );
  const now = start + 365 * DAY_MS + 30_000;
  assert.equal(await runSchedules(db, { now: () => now }), 1);
  const schedule = await db.reportSchedule.findUniqueOrThrow({ where: { id }, include: { deliveries: true } });
  assert.equal(schedule.deliveries[0]?.dueAt.getTime(), start + 365 * DAY_MS);
  assert.equal(schedule.nextAt.getTime(), start + 365 * DAY_MS + MINUTE_MS);
  assert.equal(await runSchedules(db, { now: () => now }), 0);
});
