import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { Database } from "#lib/db/client.ts";
import { claimJob, QUEUES } from "#lib/jobs/queue.ts";
import { openTransport, verifyMailServer } from "#lib/notify/mail.ts";
import { draftReport } from "#lib/reports/compose.ts";
import { deliverMails, type ReportMailer } from "#lib/reports/deliver.ts";
import { optOut, optOutToken } from "#lib/reports/opt-out.ts";
import { createSchedule, listSchedules, removeSchedule, runSchedules, sendNow } from "#lib/reports/schedule.ts";
import { removeTemplate, saveTemplate } from "#lib/reports/templates.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { loadEmailRenderer } from "../support/email.ts";
import { addHistory } from "../support/history.ts";
import { setMailServer } from "../support/mail-server.ts";
import { addPerson } from "../support/people.ts";

const START = Date.UTC(2026, 9, 5);
const SECRET = "the portal's secret";

let db: Database;
let user: string;
let url: string;
let refuses = false;
let render: ReportMailer["render"];
const inbox: ParsedMail[] = [];

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onAuth: ({ username, password }, _session, done) =>
    password === "right" ? done(null, { user: username }) : done(new Error("wrong account")),
  onRcptTo: (_address, _session, done) => done(refuses ? new Error("mailbox full") : null),
  onData(stream, _session, done) {
    void simpleParser(stream).then((mail) => {
      inbox.push(mail);
      done();
    });
  },
});

before(async () => {
  render = await loadEmailRenderer();
  const fresh = await freshDatabase();
  db = fresh.db;
  user = await addPerson(db, "admin");
  await setMailServer(db);
  await addHistory(fresh.url, "web-1", {
    series: [["cpu.usage"], ["memory.usage"]],
    from: START,
    to: START + 14 * DAY_MS,
    stepMs: 300_000,
    valuesAt: (_, n) => [20 + 10 * Math.sin(n / 30), 50],
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as { port: number };
  url = `smtp://ana:right@127.0.0.1:${port}`;
});

after(() => new Promise<void>((resolve) => server.close(() => resolve())));

async function deliver(now: number | (() => number), draw: ReportMailer["render"] = render) {
  const transport = await openTransport(url);
  const mailer = {
    transport,
    from: "Sightline <s@example.org>",
    publicUrl: "https://sightline.example",
    secret: SECRET,
    render: draw,
  };
  try {
    return await deliverMails(db, mailer, { now: typeof now === "number" ? () => now : now });
  } finally {
    transport.close();
  }
}

const plan = (more: object = {}) => ({
  ...{ name: "Weekly", type: "full" as const, templateId: null, hostIds: [], days: 7, cron: "0 7 * * 1", zone: "UTC" },
  ...{ recipients: ["bo@example.org", "cy@example.org"], roles: [], quiet: false },
  ...more,
});

test("a weekly report is mailed once to each, with pictures, plain text and one-click unsubscribe", async () => {
  const id = await createSchedule(db, plan(), { userId: user, role: "admin", now: START + 6 * DAY_MS });
  const due = START + 7 * DAY_MS + 7 * HOUR_MS;
  assert.equal(await runSchedules(db, { now: () => due - 1 }), 0);
  assert.equal(await runSchedules(db, { now: () => due + 1_000 }), 2);
  assert.equal(await runSchedules(db, { now: () => due + 2_000 }), 0);
  assert.deepEqual(await deliver(due + 3_000), { sent: 2, failed: 0 });
  assert.deepEqual(await deliver(due + 4_000), { sent: 0, failed: 0 });
  assert.equal(inbox.length, 2);
  const [mail] = inbox;
  assert.match(mail?.subject ?? "", /^Everything, 5 Oct 2026 to 12 Oct 2026/);
  assert.match(mail?.text ?? "", /Available \d+\.\d+ % of the time/);
  assert.match(mail?.text ?? "", /https:\/\/sightline\.example\/reports\/\d+/);
  assert.ok(mail?.attachments.length && mail.attachments.every(({ contentType }) => contentType === "image/png"));
  for (const { cid } of mail.attachments) assert.ok(cid && String(mail.html).includes(`data:image/png`), cid);
  const headers = mail.headers.get("list") as { unsubscribe?: { url: string } } | undefined;
  const link = headers?.unsubscribe?.url ?? "";
  assert.match(link, /^https:\/\/sightline\.example\/api\/v1\/unsubscribe\?token=/);
  const posted = mail.headerLines.find(({ key }) => key === "list-unsubscribe-post");
  assert.equal(posted?.line, "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  await optOut(db, new URL(link).searchParams.get("token") ?? "", SECRET);
  inbox.length = 0;
  assert.equal(await sendNow(db, id, due + DAY_MS), 1);
  await deliver(due + DAY_MS);
  assert.equal(inbox.length, 1);
});

test("a mail that waited for slow ones is nobody else's while it is sent", async () => {
  const id = await createSchedule(db, plan({ name: "Slow", recipients: ["gil@example.org", "hal@example.org"] }), {
    userId: user,
    role: "admin",
    now: START + 6 * DAY_MS,
  });
  let now = START + 8 * DAY_MS;
  assert.equal(await sendNow(db, id, now), 2);
  let [drawn, other]: [number, unknown] = [0, undefined];
  const { sent } = await deliver(
    () => now,
    async (report, links) => {
      drawn++;
      if (drawn === 1) now += 2 * QUEUES.mail.leaseMs;
      else other = await claimJob(db, "mail", now);
      return render(report, links);
    },
  );
  assert.equal(sent, 2);
  assert.deepEqual([drawn, other], [2, undefined]);
  await removeSchedule(db, id, { id: user, role: "admin" });
});

test("runs that were missed are caught up by one, and the next is on time", async () => {
  const id = await createSchedule(
    db,
    plan({ name: "Daily", cron: "0 7 * * *", days: 1, recipients: ["di@example.org"] }),
    {
      userId: user,
      role: "admin",
      now: START + 7 * DAY_MS,
    },
  );
  assert.equal(await runSchedules(db, { now: () => START + 12 * DAY_MS }), 1);
  const schedule = (await listSchedules(db)).find((schedule) => schedule.id === id);
  assert.equal(schedule?.nextAt.toISOString(), "2026-10-17T07:00:00.000Z");
  assert.equal(schedule?.deliveries[0]?.dueAt.toISOString(), "2026-10-16T07:00:00.000Z");
});

test("a quiet schedule sends nothing when nothing was abnormal", async () => {
  await createSchedule(db, plan({ name: "Quiet", quiet: true, recipients: ["ed@example.org"] }), {
    userId: user,
    role: "admin",
    now: START + 6 * DAY_MS,
  });
  await runSchedules(db, { now: () => START + 13 * DAY_MS });
  assert.equal(await db.reportDelivery.count({ where: { recipient: "ed@example.org" } }), 0);
});

test("a mail that a server refuses is tried again later, with the reason in sight, and sent once", async () => {
  await createSchedule(db, plan({ name: "Refused", recipients: ["fay@example.org"] }), {
    userId: user,
    role: "admin",
    now: START + 6 * DAY_MS,
  });
  const now = START + 13 * DAY_MS + 60_000;
  await runSchedules(db, { now: () => now });
  refuses = true;
  inbox.length = 0;
  assert.ok((await deliver(now)).failed >= 1);
  const failure = await db.reportDelivery.findFirst({ where: { recipient: "fay@example.org" } });
  assert.match(failure?.failure ?? "", /mailbox full/);
  refuses = false;
  assert.equal((await deliver(now + 30_000)).sent, 0);
  await deliver(now + 90_000);
  assert.equal(inbox.filter(({ to }) => JSON.stringify(to).includes("fay@")).length, 1);
});

test("a forged unsubscribe link, a mail server that refuses and a schedule for nobody are refused with the reason", async () => {
  const token = optOutToken(1, "bo@example.org", SECRET);
  await assert.rejects(optOut(db, `${token}x`, SECRET), /incomplete/);
  await assert.rejects(optOut(db, token, "another"), /incomplete/);
  await assert.rejects(verifyMailServer(url.replace("right", "wrong")), /The mail server refused/);
  await verifyMailServer(url);
  await assert.rejects(
    createSchedule(db, plan({ recipients: [] }), { userId: user, role: "admin", now: START }),
    /at least one recipient/,
  );
  const draft = await draftReport(db, { type: "executive", from: START, to: START + DAY_MS }, { now: START });
  assert.ok(draft.sections.length > 0);
});

test("a schedule sends a template as it is then, and keeps it from being removed", async () => {
  const template = await saveTemplate(
    db,
    { name: "Kept", sectionNames: ["capacity"], expressions: [], hostIds: [], days: 1 },
    { id: user, role: "admin" },
  );
  const id = await createSchedule(
    db,
    plan({ name: "By template", type: "custom", templateId: template.id, recipients: ["gil@example.org"] }),
    { userId: user, role: "admin", now: START },
  );
  await saveTemplate(
    db,
    { id: template.id, name: "Kept", sectionNames: ["performance"], expressions: [], hostIds: [], days: 1 },
    { id: user, role: "admin" },
  );
  inbox.length = 0;
  await sendNow(db, id, START + 2 * DAY_MS);
  await deliver(START + 2 * DAY_MS);
  assert.match(String(inbox[0]?.subject), /^Kept, /);
  assert.match(String(inbox[0]?.text), /PERFORMANCE/i);
  await assert.rejects(removeTemplate(db, template.id, { id: "", role: "admin" }), /A schedule sends this template/);
  await removeSchedule(db, id, { id: user, role: "admin" });
  await removeTemplate(db, template.id, { id: "", role: "admin" });
});
