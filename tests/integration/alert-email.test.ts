import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createChannel } from "#lib/alerts/channels/store.ts";
import { deliverAlerts } from "#lib/alerts/deliver.ts";
import { followLink, readLinkedAction } from "#lib/alerts/email-links.ts";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { explainAlert } from "#lib/alerts/explain-alert.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import { createRule } from "#lib/alerts/rules.ts";
import { listSilences } from "#lib/alerts/silences.ts";
import { addAnnotation } from "#lib/annotations/annotations.ts";
import { channelSchema } from "#lib/contract/alert-channels.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import type { Database } from "#lib/db/client.ts";
import { openTransport } from "#lib/notify/mail.ts";
import { storeProcesses } from "#lib/processes/store.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { loadAlertRenderer } from "../support/email.ts";
import { addHistory } from "../support/history.ts";
import { startMailServer } from "../support/mail-server.ts";
import { addPerson } from "../support/people.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

const START = Date.UTC(2026, 2, 2);
const at = (minute: number) => START + minute * MINUTE_MS;

let db: Database;
let hostId: number;
let user: string;
let mails: Awaited<ReturnType<typeof startMailServer>>;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await db.alertRule.deleteMany();
  user = await addPerson(db, "admin");
  mails = await startMailServer();
  // The disk is busy first, the CPU two minutes later; both are back after minute 200.
  hostId = await addHistory(fresh.url, "db-1", {
    ...{
      series: [["cpu.usage"], ["disk.busy", { device: "sda" }], ["load.1m"]],
      from: START,
      to: at(300),
      stepMs: 10_000,
    },
    valuesAt: (time, n) => {
      const minute = (time - START) / MINUTE_MS;
      const noise = (n % 7) / 3;
      return [
        minute >= 152 && minute < 200 ? 97 : 20 + noise,
        minute >= 150 && minute < 200 ? 99 : 5 + noise,
        1 + noise / 100,
      ];
    },
  });
});

after(() => mails.stop());

async function send(now: number) {
  const transport = await openTransport(mails.url);
  try {
    await deliverAlerts(
      db,
      { mail: { transport, from: "s@example.org" }, portal: "https://s.example", render: await loadAlertRenderer() },
      { now: () => now },
    );
  } finally {
    transport.close();
  }
}

const tokenOf = (action: string) => {
  const text = mails.received[0]?.mail.text ?? "";
  const [, token = ""] = new RegExp(`${action}: \\S+token=(\\S+)`).exec(text) ?? [];
  return decodeURIComponent(token);
};

test("a mail has the chart as a picture, what moved first, what was deployed, and links that act once", async () => {
  await addAnnotation(db, { hostId, at: new Date(at(149)), kind: "deploy", text: "release 42" }, user);
  const { email } = await db.user.findUniqueOrThrow({ where: { id: user } });
  const channel = channelSchema.parse({ name: "Mail", kind: "email", settings: { to: email } });
  await createChannel(db, channel, { id: user, role: "admin" });
  const condition = { kind: "threshold", operator: ">", level: 90 };
  await createRule(db, ruleSchema.parse({ name: "CPU", series: "cpu.usage", severity: "critical", condition }), null);
  await evaluateAlerts(db, at(154));
  await send(at(155));
  const [{ mail } = assert.fail("no mail came")] = mails.received;
  assert.equal(mail.subject, "[critical] db-1: CPU usage 97.0 %, above 90.0 %");
  assert.equal(mail.attachments[0]?.contentType, "image/png");
  assert.match(String(mail.html), /Disk busy.*from.*to 99\.0 %/s);
  assert.match(
    mail.text ?? "",
    /Moved first: Disk busy, sda from [\d.]+ % to 99\.0 %[\s\S]*deploy at [^:]+:\d\dZ?: release 42/,
  );
  assert.match(String(mail.html), /alert-action\?token=/);
  assert.equal((await readLinkedAction(db, tokenOf("Acknowledge"), at(156))).action, "acknowledge");
  await followLink(db, tokenOf("Acknowledge"), at(156));
  const [alert] = await listAlerts(db, { from: 0, to: at(999), limit: 9 });
  assert.match(alert?.comment ?? "", /by a link in the email to/);
  assert.equal(alert?.acknowledgedBy, "admin", "whoever has the address has an account");
  await assert.rejects(followLink(db, tokenOf("Acknowledge"), at(157)), /was used before/);
  await assert.rejects(readLinkedAction(db, tokenOf("Silence for 2 hours"), at(157) + 8 * DAY_MS), /has expired/);
  await assert.rejects(followLink(db, `${tokenOf("Silence for 2 hours")}x`, at(157)), /is incomplete/);
  await followLink(db, tokenOf("Silence for 2 hours"), at(157));
  assert.match((await listSilences(db, at(158)))[0]?.matchers ?? "", /rule="CPU"/);
});

test("an alert's page knows what moved, what was changed, how it was before, and what its end brought", async () => {
  const [first] = await listAlerts(db, { from: 0, to: at(999), limit: 9 });
  await evaluateAlerts(db, at(202));
  const began = first?.startedAt.getTime() ?? 0;
  const none = await explainAlert(db, hostId, first?.id ?? 0, at(260));
  assert.equal(none.processes, null, "none are kept of that time");
  const process = (name: string, cpu: number) => ({
    ...{ name, container: "", unit: "", count: 1, cpu, memory: 0, read: 0, write: 0, pid: 1, command: "" },
  });
  const looks = [
    { at: began - 10 * MINUTE_MS, groups: [process("steady", 30), process("encoder", 2)] },
    { at: began, groups: [process("steady", 30), process("encoder", 190)] },
  ];
  await storeProcesses(
    db,
    hostId,
    looks.map(({ at: time, groups }) => ({
      ...{ source: { kind: "host", name: "" }, at: time, intervalMs: 60_000, readings: [] },
      processes: { spanMs: 60_000, groups },
    })),
  );
  const cause = await explainAlert(db, hostId, first?.id ?? 0, at(260));
  assert.deepEqual(cause.processes?.rows, [{ name: "encoder", container: "", unit: "", before: 2, after: 190 }]);
  assert.equal(cause.processes?.measure, "cpu");
  assert.deepEqual(
    cause.movers.map(({ series }) => series),
    ['disk.busy{device="sda"}', "cpu.usage"],
  );
  assert.equal(cause.changes.find(({ kind }) => kind === "deploy")?.text, "release 42");
  assert.deepEqual([cause.history.alerts, cause.levels?.level], [0, 90]);
  assert.ok((cause.effect?.before ?? 0) > 80 && (cause.effect?.after ?? 99) < 25, JSON.stringify(cause.effect));
  await db.alert.updateMany({ where: { id: first?.id ?? 0 }, data: { startedAt: new Date(START - HOUR_MS) } });
  await evaluateAlerts(db, at(170));
  const again = (await listAlerts(db, { from: 0, to: at(999), limit: 9 })).find(({ id }) => id !== first?.id);
  const history = (await explainAlert(db, hostId, again?.id ?? 0, at(260))).history;
  assert.equal(history.alerts, 1);
  assert.match(history.last[0]?.said[0] ?? "", /by a link/);
});
