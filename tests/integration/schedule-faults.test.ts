import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Role } from "#lib/contract/roles.ts";
import type { Database } from "#lib/db/client.ts";
import { dueTimes } from "#lib/jobs/queue.ts";
import { createReport } from "#lib/reports/compose.ts";
import { readReport } from "#lib/reports/library.ts";
import { createSchedule, listSchedules, runSchedules, sendNow } from "#lib/reports/schedule.ts";
import { saveTemplate } from "#lib/reports/templates.ts";
import { writeSecret } from "#lib/settings/store.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";
import { setMailServer } from "../support/mail-server.ts";
import { addPerson } from "../support/people.ts";

const START = Date.UTC(2026, 9, 5);
const NOW = START + 14 * DAY_MS;

let db: Database;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await setMailServer(db);
  await addHistory(fresh.url, "web-1", {
    series: [["cpu.usage"], ["memory.usage"], ["disk.usage"]],
    from: START,
    to: NOW,
    stepMs: 300_000,
    valuesAt: (_, n) => [20 + 10 * Math.sin(n / 30), 50, 60],
  });
});

test("a schedule is refused while there is no mail server, with where to set it, and nothing is stored", async () => {
  const { db: bare } = await freshDatabase();
  const userId = await addPerson(bare, "analyst");
  const create = () => createSchedule(bare, plan({}), { userId, role: "analyst", now: NOW });
  await assert.rejects(create(), /No mail server is set.*Settings, General/);
  assert.equal(await bare.reportSchedule.count(), 0);
  await setMailServer(bare);
  const id = await create();
  await writeSecret(bare, "smtp_url", "", "a secret", userId);
  await assert.rejects(sendNow(bare, id, NOW), /No mail server is set/);
  assert.equal(await bare.reportDelivery.count(), 0);
});

const person = (role: Role) => addPerson(db, role);

const plan = (more: object = {}) => ({
  ...{ name: "Daily", type: "capacity" as const, templateId: null, hostIds: [], days: 1, cron: "0 7 * * *" },
  ...{ zone: "UTC", recipients: ["bo@example.org"], roles: [], quiet: false, ...more },
});

const mailsTo = (recipient: string) => db.reportDelivery.count({ where: { recipient } });
const failureOf = async (id: number) => (await listSchedules(db)).find((schedule) => schedule.id === id)?.failure;

test("a report of a year, or of an hour, is created like one of a week", async () => {
  for (const days of [0.04, 7, 120, 167, 366]) {
    const id = await createReport(db, { type: "full", from: NOW - days * DAY_MS, to: NOW }, { userId: null, now: NOW });
    const titles = (await readReport(db, id, true)).sections.map(({ title }) => title);
    assert.ok(titles.includes("web-1: capacity"), `${days} days: ${titles}`);
  }
});

test("a cron expression has five fields; a single instant, a nickname, seconds or a year are refused with the remedy", async () => {
  const userId = await person("analyst");
  for (const cron of [
    "2026-12-01T00:00:00",
    "2026-12-01",
    "@daily",
    "0 0 7 * * 1",
    "0 0 7 * * 1 2027",
    "7 * * *",
    "   ",
    "0 25 * * *",
    "0 0 30 2 *",
    "a b c d e",
  ])
    await assert.rejects(
      createSchedule(db, plan({ cron }), { userId, role: "analyst", now: NOW }),
      (error: { type?: string; fields?: { field: string }[] }) =>
        error.type === "validation" && error.fields?.[0]?.field === "cron",
      cron,
    );
  await assert.rejects(
    createSchedule(db, plan({ zone: "Middle/Earth" }), { userId, role: "analyst", now: NOW }),
    /zone/,
  );
  await assert.rejects(
    createSchedule(db, plan({ hostIds: [77] }), { userId, role: "analyst", now: NOW }),
    /no host 77/,
  );
  assert.equal(await db.reportSchedule.count(), 0);
});

test("one schedule that cannot run, of whatever age, stops no other, and says why on the page", async () => {
  const userId = await person("analyst");
  const act = { userId, role: "analyst" as const, now: NOW };
  const broken: number[] = [];
  for (const bad of [{ cron: "2026-10-19T07:00:00" }, { cron: "0 0 7 * * 1 2027" }, { zone: "Middle/Earth" }]) {
    const id = await createSchedule(db, plan({ name: "Broken", recipients: ["broken@example.org"] }), act);
    // As an earlier version stored it.
    await db.reportSchedule.update({ where: { id }, data: bad });
    broken.push(id);
  }
  const gone = await createSchedule(db, plan({ name: "Gone host", recipients: ["broken@example.org"] }), act);
  await db.reportSchedule.update({ where: { id: gone }, data: { hostIds: [4_711] } });
  await createSchedule(db, plan({ name: "Good", recipients: ["good@example.org"] }), act);
  assert.equal(await runSchedules(db, { now: () => NOW + 8 * HOUR_MS }), 1);
  assert.deepEqual([await mailsTo("good@example.org"), await mailsTo("broken@example.org")], [1, 0]);
  for (const id of [...broken, gone]) assert.ok(await failureOf(id), `schedule ${id}`);
  assert.match((await failureOf(gone)) ?? "", /no host 4711/);
});

test("a schedule has the rights that its creator has when it runs", async () => {
  const analyst = await person("analyst");
  const template = await saveTemplate(
    db,
    { name: "Grows", sectionNames: ["capacity"], expressions: [], hostIds: [], days: 1 },
    { id: analyst, role: "analyst" },
  );
  const templated = plan({ type: "custom", templateId: template.id, recipients: ["ann@example.org"] });
  const id = await createSchedule(db, templated, { userId: analyst, role: "analyst", now: NOW });
  // An administrator adds what the analyst may not read.
  await db.reportTemplate.update({ where: { id: template.id }, data: { sectionNames: ["capacity", "audit"] } });
  await runSchedules(db, { now: () => NOW + 8 * HOUR_MS });
  assert.equal(await mailsTo("ann@example.org"), 0);
  assert.match((await failureOf(id)) ?? "", /needs one of the roles admin/);

  const admin = await person("admin");
  await createSchedule(db, plan({ ...templated, name: "Admin's", recipients: ["adi@example.org"] }), {
    userId: admin,
    role: "admin",
    now: NOW,
  });
  await runSchedules(db, { now: () => NOW + 8 * HOUR_MS });
  assert.equal(await mailsTo("adi@example.org"), 1);
  await db.user.update({ where: { id: admin }, data: { role: "viewer" } });
  await runSchedules(db, { now: () => NOW + 32 * HOUR_MS });
  assert.equal(await mailsTo("adi@example.org"), 1);

  const leaver = await person("engineer");
  const left = await createSchedule(db, plan({ name: "Left", recipients: ["leo@example.org"] }), {
    userId: leaver,
    role: "engineer",
    now: NOW,
  });
  await db.user.update({ where: { id: leaver }, data: { disabledAt: new Date(NOW) } });
  await runSchedules(db, { now: () => NOW + 8 * HOUR_MS });
  assert.equal(await mailsTo("leo@example.org"), 0);
  assert.match((await failureOf(left)) ?? "", /account that created this schedule is closed/);
  // It goes on by itself once its creator is back.
  await db.user.update({ where: { id: leaver }, data: { disabledAt: null } });
  await runSchedules(db, { now: () => NOW + 32 * HOUR_MS });
  assert.equal(await mailsTo("leo@example.org"), 1);
  assert.equal(await failureOf(left), null);
});

test("a portal that was away for years catches up by one report, and is on time again", async () => {
  await db.reportSchedule.deleteMany();
  await db.job.deleteMany();
  const userId = await person("analyst");
  const each = plan({ name: "Each minute", cron: "* * * * *", recipients: ["min@example.org"] });
  const id = await createSchedule(db, each, { userId, role: "analyst", now: NOW });
  const back = NOW + 3 * 365 * DAY_MS + 30_000;
  assert.equal(await runSchedules(db, { now: () => back }), 1);
  const [schedule] = (await listSchedules(db)).filter((row) => row.id === id);
  assert.equal(schedule?.nextAt.getTime(), back + 30_000);
  assert.equal(schedule?.deliveries[0]?.dueAt.getTime(), back - 30_000);
  assert.equal((await dueTimes(db)).get("report schedule"), back - 30_000 + MINUTE_MS);
});
