import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { createRule } from "#lib/alerts/rules.ts";
import { createSilence } from "#lib/alerts/silences.ts";
import { readFeed } from "#lib/alerts/status-feed.ts";
import { createStatusPage, listStatusPages, openStatusPage } from "#lib/alerts/status-pages.ts";
import { readStatus } from "#lib/alerts/status-report.ts";
import { confirmSubscription, endSubscription, subscribe } from "#lib/alerts/status-subscribers.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import type { Database } from "#lib/db/client.ts";
import { openTransport } from "#lib/notify/mail.ts";
import { deliverNotices } from "#lib/notify/notices.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";
import { setMailServer, startMailServer } from "../support/mail-server.ts";
import { addPerson } from "../support/people.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

const START = Date.UTC(2026, 2, 2);
const NOW = START + 2 * DAY_MS;

let db: Database;
let user: string;
let hosts: number[];

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await db.alertRule.deleteMany();
  user = await addPerson(db, "admin");
  const add = (name: string, busy: (at: number) => boolean) =>
    addHistory(fresh.url, name, {
      ...{ series: [["cpu.usage"]], from: START, to: NOW, stepMs: MINUTE_MS, valuesAt: (at) => [busy(at) ? 99 : 5] },
    });
  hosts = [
    await add("secret-db-01", (at) => at >= START + DAY_MS && at < START + DAY_MS + 6 * HOUR_MS),
    await add("web", () => false),
  ];
  await db.host.updateMany({ data: { createdAt: new Date(START) } });
  const condition = { kind: "threshold", operator: ">", level: 90 };
  await createRule(db, ruleSchema.parse({ name: "Busy", series: "cpu.usage", severity: "critical", condition }), null);
});

const pageOf = async (slug: string) => {
  const page = (await listStatusPages(db)).find((each) => each.slug === slug);
  assert.ok(page);
  return { page, token: new URL(page.url).searchParams.get("token") ?? undefined };
};

test("a status page shows groups with their uptime and incidents, and of hosts and figures nothing", async () => {
  const groups = [
    { name: "Shop", hostIds: [hosts[0] ?? 0] },
    { name: "Site", hostIds: [hosts[1] ?? 0] },
  ];
  await createStatusPage(db, { slug: "shop", title: "Example", isPublic: false, groups }, user);
  await assert.rejects(createStatusPage(db, { slug: "shop", title: "Again", isPublic: true, groups }, user), /already/);
  await assert.rejects(openStatusPage(db, "shop", undefined), /no status page/);
  await assert.rejects(openStatusPage(db, "shop", "forged.token"), /no status page/);
  const { token } = await pageOf("shop");
  const page = await openStatusPage(db, "shop", token);
  for (let at = START + DAY_MS - HOUR_MS; at <= START + DAY_MS + 7 * HOUR_MS; at += 10 * MINUTE_MS) {
    await evaluateAlerts(db, at);
    if (at === START + DAY_MS + HOUR_MS) assert.equal((await readStatus(db, page, at)).state, "down");
  }
  const status = await readStatus(db, page, NOW);
  assert.equal(status.state, "up");
  const [shop, site] = status.groups;
  assert.ok(Math.abs((shop?.uptime ?? 0) - (1 - 6 / 48)) < 0.01, String(shop?.uptime));
  assert.equal(site?.uptime, 1);
  assert.deepEqual([shop?.days.length, shop?.days.filter(({ covered }) => covered).length], [90, 2]);
  assert.equal(status.incidents.length, 1);
  assert.doesNotMatch(JSON.stringify(status), /secret-db-01|cpu\.usage|web/);
  const feed = await readFeed(db, page, NOW);
  assert.match(feed, /<title>Shop: Busy, resolved<\/title>/);
});

test("maintenance is shown while it holds, and a page of hosts that have never sent says so", async () => {
  const plan = { comment: "Moving to a larger machine", maintenance: true, recurrence: null };
  const span = { startsAt: new Date(NOW - HOUR_MS), endsAt: new Date(NOW + HOUR_MS) };
  await createSilence(db, { matchers: 'host="web"', ...plan, ...span }, user, NOW - HOUR_MS);
  const { token } = await pageOf("shop");
  const status = await readStatus(db, await openStatusPage(db, "shop", token), NOW);
  assert.deepEqual([status.state, status.groups.map(({ state }) => state)], ["maintenance", ["up", "maintenance"]]);
  assert.equal(status.maintenance[0]?.title, "Moving to a larger machine");
  const none = await readStatus(
    db,
    { id: 9, slug: "x", title: "X", isPublic: true, groups: [{ name: "None", hostIds: [999] }] },
    NOW,
  );
  assert.equal(none.groups[0]?.uptime, null);
});

test("whoever confirms is told of incidents once, whoever does not is never, and a link ends it", async () => {
  await db.alertInstance.deleteMany();
  await db.alert.deleteMany();
  const { token } = await pageOf("shop");
  const page = await openStatusPage(db, "shop", token);
  await assert.rejects(subscribe(db, page, "bo@example.org", NOW), /sends no emails/);
  await setMailServer(db);
  await subscribe(db, page, "bo@example.org", NOW);
  await subscribe(db, page, "BO@example.org", NOW);
  await subscribe(db, page, "eve@example.org", NOW);
  const mails = await startMailServer();
  const transport = await openTransport(mails.url);
  const send = () => deliverNotices(db, { transport, from: "s@example.org" });
  await send();
  assert.deepEqual(mails.received.map(({ to }) => to).sort(), ["bo@example.org", "eve@example.org"], "one link each");
  const linkIn = (text = "") => decodeURIComponent(/token=(\S+)/.exec(text)?.[1] ?? "");
  const [bo] = mails.received.filter(({ to }) => to === "bo@example.org");
  await confirmSubscription(db, linkIn(bo?.mail.text), NOW);
  assert.equal((await pageOf("shop")).page.subscribers, 1);
  await evaluateAlerts(db, START + DAY_MS + HOUR_MS);
  await evaluateAlerts(db, START + DAY_MS + 7 * HOUR_MS);
  await send();
  const incident = mails.received.slice(2);
  assert.deepEqual(
    incident.map(({ to, mail }) => [to, mail.subject]),
    [
      ["bo@example.org", "Example: Shop has an incident"],
      ["bo@example.org", "Example: Shop is back"],
    ],
  );
  await endSubscription(db, linkIn(/unsubscribe.*/.exec(incident[0]?.mail.text ?? "")?.[0]));
  assert.equal((await pageOf("shop")).page.subscribers, 0);
  await assert.rejects(confirmSubscription(db, "forged", NOW), /incomplete/);
  transport.close();
  await mails.stop();
});
