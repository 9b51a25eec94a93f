import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { VerdictDecision } from "#lib/contract/enums.ts";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import type { Database } from "#lib/db/client.ts";
import { queueWaitingWebhooks, sendVerdicts } from "#lib/experiments/judge-running.ts";
import { createExperiment, recordVerdict } from "#lib/experiments/write-experiments.ts";
import { createJob, queueWaitingExports, removeJob } from "#lib/exports/jobs.ts";
import { queueWaitingMails } from "#lib/reports/deliver.ts";
import { createSchedule, queueSchedules, sendNow } from "#lib/reports/schedule.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { setMailServer } from "../support/mail-server.ts";

process.env.OUTGOING_ALLOW = "127.0.0.1";

const NOW = Date.UTC(2026, 9, 5);

/** Queues whatever waits, as the jobs worker does when it starts; answers how many jobs that made. */
async function queueAll(db: Database): Promise<Record<string, number>> {
  return {
    exports: await queueWaitingExports(db),
    schedules: await queueSchedules(db),
    mails: await queueWaitingMails(db, NOW),
    webhooks: await queueWaitingWebhooks(db, NOW),
  };
}

const NONE = { exports: 0, schedules: 0, mails: 0, webhooks: 0 };
const EACH_ONCE = { exports: 1, schedules: 1, mails: 1, webhooks: 1 };

const jobs = async (db: Database) =>
  (await db.job.findMany({ orderBy: { queue: "asc" } })).map(({ queue, key, payload, state }) => ({
    ...{ queue, key, state, payload },
  }));

/** An experiment with a verdict, whose webhook is an address or none. */
async function addVerdict(
  db: Database,
  webhook: string,
  at: number,
  decision: VerdictDecision = "ship",
): Promise<number> {
  const plan = experimentSchema.parse({
    key: `experiment-${await db.experiment.count()}`,
    name: "Checkout",
    variants: [{ key: "a" }, { key: "b" }],
    metrics: [{ key: "revenue", role: "primary", kind: "mean", event: "purchase" }],
    plan: { webhook },
  });
  const id = await createExperiment(db, plan, { userId: null, now: NOW });
  const verdict = await recordVerdict(db, id, { decision, reasons: ["revenue rose"], record: {}, at });
  return verdict ?? 0;
}

/** Of each kind a row that waits and one that is over. */
async function addRows(db: Database): Promise<void> {
  const person = { email: "ana@example.org", name: "Ana", passwordHash: "x", role: "admin" as const };
  const { id: userId } = await db.user.create({ data: person });
  const audit = { kind: "audit" as const, from: "now-1d", to: "now" };
  for (let n = 0; n < 2; n++)
    await createJob(db, audit, { ownerId: userId, role: "admin", format: "csv", now: Date.now() });
  const cancelled = await db.exportJob.findFirstOrThrow({ orderBy: { id: "desc" } });
  await removeJob(db, userId, cancelled.id);

  await setMailServer(db);
  const plan = { type: "executive" as const, templateId: null, hostIds: [], days: 1, roles: [], quiet: false };
  const when = { cron: "0 7 * * *", zone: "UTC", recipients: ["bo@example.org"] };
  for (const name of ["runs", "is off"]) {
    const id = await createSchedule(db, { ...plan, ...when, name }, { userId, role: "admin", now: NOW });
    await sendNow(db, id, NOW);
  }
  const off = await db.reportSchedule.findFirstOrThrow({ where: { name: "is off" } });
  await db.reportSchedule.update({ where: { id: off.id }, data: { enabled: false } });
  await db.reportDelivery.updateMany({ where: { scheduleId: off.id }, data: { sentAt: new Date(NOW) } });

  await addVerdict(db, "https://hooks.example.org/a", NOW - HOUR_MS);
  await addVerdict(db, "", NOW - HOUR_MS);
  await addVerdict(db, "https://hooks.example.org/c", NOW - 8 * DAY_MS);
  const heard = await addVerdict(db, "https://hooks.example.org/d", NOW - HOUR_MS);
  await db.verdict.update({ where: { id: heard }, data: { notifiedAt: new Date(NOW) } });
}

test("after an upgrade or a restore whatever waits is queued again, once, and nothing that is over", async () => {
  const { db } = await freshDatabase();
  await addRows(db);
  const sent = (await jobs(db)).filter(({ queue }) => queue !== "webhook");
  await db.job.deleteMany();
  assert.deepEqual(await queueAll(db), EACH_ONCE);
  const queued = await jobs(db);
  assert.deepEqual(
    queued.map(({ queue, state }) => [queue, state]),
    ["export", "mail", "report schedule", "webhook"].map((queue) => [queue, "queued"]),
  );
  for (const job of queued.filter(({ queue }) => queue !== "webhook"))
    assert.ok(
      sent.some((had) => had.key === job.key && JSON.stringify(had) === JSON.stringify(job)),
      `${job.queue} is the job that was lost`,
    );
  assert.deepEqual(await queueAll(db), NONE, "again it does nothing");
  await db.job.updateMany({ data: { state: "running", attempts: 3 } });
  assert.deepEqual(await queueAll(db), NONE, "what runs is let be");
  await db.job.updateMany({ data: { state: "failed" } });
  assert.deepEqual(await queueAll(db), NONE, "what was given up stays so");
  assert.deepEqual(new Set((await jobs(db)).map(({ state }) => state)), new Set(["failed"]));
  assert.equal(await db.job.count(), 4);
});

test("a webhook that is sent again says so by its key, so that its receiver can drop what it has", async () => {
  const { db } = await freshDatabase();
  const heard: { key: unknown; decision: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    heard.push({ key: request.headers["idempotency-key"], decision: JSON.parse(body).decision });
    // It takes what comes, but its answer is lost the first time.
    response.statusCode = heard.length === 1 ? 503 : 204;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    await addVerdict(db, hook, NOW - HOUR_MS, "ship");
    assert.equal(await queueWaitingWebhooks(db, NOW), 1);
    for (const days of [0, 1, 2]) await sendVerdicts(db, undefined, { now: () => NOW + days * DAY_MS });
    await addVerdict(db, hook, NOW + 3 * DAY_MS, "roll_back");
    await queueWaitingWebhooks(db, NOW + 3 * DAY_MS);
    await sendVerdicts(db, undefined, { now: () => NOW + 3 * DAY_MS });
  } finally {
    server.close();
  }
  assert.deepEqual(
    heard.map(({ decision }) => decision),
    ["ship", "ship", "roll_back"],
  );
  const [first, again, other] = heard.map(({ key }) => key);
  assert.ok(typeof first === "string" && first !== "");
  assert.equal(again, first);
  assert.notEqual(other, first);
});
