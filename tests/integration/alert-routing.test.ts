import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import {
  acknowledgeAlert,
  assignAlert,
  commentAlert,
  snoozeAlert,
  unacknowledgeAlert,
} from "#lib/alerts/attend-alert.ts";
import { backtestRule, summarizeBacktest } from "#lib/alerts/backtest.ts";
import { listChannels } from "#lib/alerts/channels/list-channels.ts";
import { createChannel } from "#lib/alerts/channels/store.ts";
import { deliverAlerts } from "#lib/alerts/deliver.ts";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { createInhibition } from "#lib/alerts/inhibitions.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import { findRemedies, listNoisyRules } from "#lib/alerts/noisy-rules.ts";
import { calendarUrl, readCalendar } from "#lib/alerts/on-call/calendar.ts";
import { createOnCall, listOnCall, overrideOnCall } from "#lib/alerts/on-call/schedules.ts";
import { retryFailed } from "#lib/alerts/queue-deliveries.ts";
import { whoWouldGet } from "#lib/alerts/receivers.ts";
import { writeRouting } from "#lib/alerts/routing.ts";
import { createRule } from "#lib/alerts/rules.ts";
import { createSilence } from "#lib/alerts/silences.ts";
import { testRule } from "#lib/alerts/test-rule.ts";
import { channelSchema } from "#lib/contract/alert-channels.ts";
import type { Route } from "#lib/contract/alert-routing.ts";
import { onCallSchema } from "#lib/contract/alert-routing.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import type { Database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { openTransport } from "#lib/notify/mail.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";
import { startMailServer } from "../support/mail-server.ts";
import { addPerson } from "../support/people.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

const START = Date.UTC(2026, 2, 2);
const at = (minute: number) => START + minute * MINUTE_MS;
/** Busy for the last three quarters of each hour; from minute 300 on nothing comes. */
const busy = (time: number) => ((time - START) / MINUTE_MS) % 60 >= 15;

let db: Database;
let admin: { id: string; role: "admin" };
let operator: string;
let hostId: number;
let url: string;
const heard: string[] = [];
let answer = 200;

const receiver = createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  if (request.url === "/away") return request.socket.destroy();
  const { status, lines } = JSON.parse(text);
  heard.push(`${request.url} ${status} ${lines.map(({ rule }: { rule: string }) => rule).join(", ")}`);
  response.writeHead(answer).end();
});

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  admin = { id: await addPerson(db, "admin"), role: "admin" };
  operator = await addPerson(db, "operator");
  hostId = await addHistory(fresh.url, "web-1", {
    ...{ series: [["cpu.usage"], ["memory.usage"]], from: START, to: at(300), stepMs: 10_000 },
    valuesAt: (time) => [busy(time) ? 95 : 20, busy(time) ? 95 : 20],
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});

after(() => receiver.close());

beforeEach(async () => {
  answer = 200;
  heard.length = 0;
  for (const table of [db.alertChannel, db.alertSilence, db.alertInstance, db.alert, db.job, db.alertRule])
    await (table as typeof db.job).deleteMany();
  await db.alertRouting.deleteMany();
  await db.alertInhibition.deleteMany();
});

const channel = (name: string) =>
  createChannel(db, channelSchema.parse({ name, kind: "webhook", settings: { url: `${url}/${name}` } }), admin);
const rule = (name: string, series: string, more: object = {}) =>
  createRule(
    db,
    ruleSchema.parse({ name, series, condition: { kind: "threshold", operator: ">", level: 90 }, ...more }),
    null,
  );
const route = (more: Partial<Route>): Route => ({
  ...{ name: "All", matchers: "", continue: false, steps: [], routes: [] },
  ...more,
});
const deliver = (now: number) =>
  deliverAlerts(db, { mail: undefined, portal: "https://s.example" }, { now: () => now });
const step = (afterMs: number, ...channelIds: number[]) => ({ afterMs, channelIds, everyChannel: false });
const alertId = async () => (await listAlerts(db, { from: 0, to: at(999), limit: 9 }))[0]?.id ?? 0;
const as = async (minute: number) => ({ hostId, id: await alertId(), userId: operator, now: at(minute) });

test("what nobody acknowledges goes on to the next step, and what somebody does goes to nobody", async () => {
  const [first, boss] = [await channel("first"), await channel("boss")];
  await writeRouting(db, route({ steps: [step(0, first), step(10 * MINUTE_MS, boss)], repeatMs: 5 * MINUTE_MS }));
  await rule("CPU", "cpu.usage");
  await evaluateAlerts(db, at(20));
  for (const minute of [21, 24, 26]) await deliver(at(minute));
  assert.deepEqual(heard, ["/first firing CPU", "/first firing CPU"], "told, and again after five minutes");
  await deliver(at(30.5));
  assert.ok(heard.includes("/boss firing CPU"));
  const before = heard.length;
  const alert = await acknowledgeAlert(db, await as(31), { comment: "on it", until: new Date(at(40)) });
  assert.equal(alert.acknowledgedBy, "operator");
  for (const minute of [32, 36, 39]) await deliver(at(minute));
  assert.equal(heard.length, before, "while somebody works on it nobody is told");
  await deliver(at(40));
  assert.ok(heard.slice(before).includes("/first firing CPU"), "until the acknowledgement expires");
  await unacknowledgeAlert(db, await as(41));
  const again = await acknowledgeAlert(db, await as(42), { comment: "still on it", until: null });
  await evaluateAlerts(db, at(62));
  await deliver(at(63));
  assert.deepEqual(heard.slice(-2).sort(), ["/boss resolved CPU", "/first resolved CPU"]);
  await evaluateAlerts(db, at(80));
  await deliver(at(95));
  const [back] = await listAlerts(db, { from: 0, to: at(999), limit: 9, states: ["firing"] });
  assert.notEqual(back?.id, again.id);
  assert.equal(back?.comment, "still on it", "who works on it still does when it comes back");
  assert.ok(!heard.slice(-2).some((line) => line.includes("firing")), "and nobody is told");
});

test("a route takes what is its own, who would get it is known beforehand, and a channel that is not there is refused", async () => {
  const [all, dbs] = [await channel("all"), await channel("dbs")];
  const tree = route({
    steps: [step(0, all)],
    routes: [route({ name: "Memory", matchers: 'rule="Memory"', steps: [step(0, dbs)] })],
  });
  await writeRouting(db, tree);
  await rule("CPU", "cpu.usage");
  await rule("Memory", "memory.usage");
  await evaluateAlerts(db, at(20));
  await deliver(at(21));
  assert.deepEqual(heard.sort(), ["/all firing CPU", "/dbs firing Memory"]);
  const [would] = await whoWouldGet(db, { severity: "critical", host: "web-1", labels: { rule: "Memory" } });
  assert.deepEqual([would?.route, would?.channel], ["All / Memory", "dbs"]);
  for (const [wrong, field] of [
    [route({ steps: [step(0, 999_999)] }), "tree.steps.0.channel_ids.0"],
    [route({ steps: [] }), "tree.steps"],
    [route({ steps: [step(0, all)], routes: [route({})] }), "tree.routes.0.matchers"],
    [route({ steps: [step(0, all)], routes: [route({ matchers: "host=" })] }), "tree.routes.0.matchers"],
  ] as const)
    await assert.rejects(
      writeRouting(db, wrong),
      (error: unknown) => isDomainError(error) && error.fields[0]?.field === field,
    );
});

test("while a host is down what else is wrong on it tells nobody, and is told afterwards if it goes on", async () => {
  await channel("ops");
  await createInhibition(db, { sourceMatchers: 'rule="CPU"', targetMatchers: 'severity=~".+"', equal: ["host"] });
  await rule("CPU", "cpu.usage");
  await rule("Memory", "memory.usage", { keepFiringMs: 20 * MINUTE_MS });
  await evaluateAlerts(db, at(20));
  for (const minute of [21, 22]) await deliver(at(minute));
  assert.deepEqual(heard, ["/ops firing CPU"]);
  const held = (await listChannels(db))[0]?.deliveries.find(({ summary }) => /Memory/.test(summary));
  assert.match(held?.held ?? "", /Held back while "CPU" fires/);
  for (const minute of [59, 62]) await evaluateAlerts(db, at(minute));
  await deliver(at(63));
  assert.deepEqual(heard.slice(1), ["/ops firing Memory, CPU"], "the other is told, and then that the one is over");
});

test("a notification of several alerts names the gravest first, whichever was stored first", async () => {
  await channel("ops");
  await rule("Memory", "memory.usage", { severity: "warning" });
  await rule("CPU", "cpu.usage", { severity: "critical" });
  await evaluateAlerts(db, at(20));
  await deliver(at(21));
  assert.deepEqual(heard, ["/ops firing CPU, Memory"]);
});

test("a maintenance window holds alerts back each time it comes, and a snooze until it is over", async () => {
  await channel("ops");
  await rule("CPU", "cpu.usage");
  const recurrence = { at: "00:10", durationMs: 15 * MINUTE_MS, weekdays: [], monthDays: [], zone: "UTC" };
  const plan = { matchers: 'host="web-1"', comment: "patching", maintenance: true, recurrence };
  await createSilence(
    db,
    { ...plan, startsAt: new Date(START - DAY_MS), endsAt: new Date(START + 9 * DAY_MS) },
    operator,
    START,
  );
  await evaluateAlerts(db, at(20));
  await deliver(at(21));
  assert.deepEqual(heard, []);
  await snoozeAlert(db, await as(22), new Date(at(35)));
  for (const minute of [25, 30]) await deliver(at(minute));
  assert.deepEqual(heard, [], "the window is over, the snooze is not");
  await deliver(at(36));
  assert.deepEqual(heard, ["/ops firing CPU"]);
});

test("an alert is given to somebody who may work on it, and what is done about it stays in its history", async () => {
  await rule("CPU", "cpu.usage");
  await evaluateAlerts(db, at(20));
  const viewer = await addPerson(db, "viewer");
  await assert.rejects(assignAlert(db, await as(21), viewer), /may acknowledge/);
  await assignAlert(db, await as(21), operator);
  await evaluateAlerts(db, at(62));
  const alert = await commentAlert(db, await as(70), "A cron job; moved to the night");
  assert.equal(alert.assignedTo, "operator");
  assert.deepEqual(
    alert.events.map(({ kind, text, by }) => [kind, text, by]),
    [
      ["assigned", "to operator", "operator"],
      ["commented", "A cron job; moved to the night", "operator"],
    ],
  );
  await assert.rejects(acknowledgeAlert(db, await as(71), { comment: "", until: null }), /is over/);
});

test("a channel that fails for an hour is an alert of the others, and what was given up is sent again on demand", async () => {
  const away = await channel("away");
  await channel("ops");
  await rule("CPU", "cpu.usage", { keepFiringMs: HOUR_MS });
  await evaluateAlerts(db, at(20));
  await deliver(at(21));
  await evaluateAlerts(db, at(50));
  await deliver(at(51));
  assert.deepEqual(heard, ["/ops firing CPU"]);
  await evaluateAlerts(db, at(82));
  await db.job.updateMany({ data: { runAt: new Date(at(83)) } });
  await deliver(at(83));
  assert.equal(heard.at(-1), "/ops firing Notification channel fails");
  const [info] = (await listChannels(db)).filter(({ id }) => id === away);
  assert.ok(info?.deliveries.every(({ tries }) => tries.length >= 1 && tries.every(({ failure }) => failure !== null)));
  await db.alertDelivery.updateMany({ where: { channelId: away }, data: { failedAt: new Date(at(84)) } });
  await db.job.deleteMany();
  assert.equal(await retryFailed(db, away, at(85)), info?.deliveries.length);
  assert.equal((await deliver(at(85))).failed > 0, true, "it was tried again");
});

test("whoever is on call gets the mail, an override takes over, and the calendar has the shifts", async () => {
  const mails = await startMailServer();
  const plan = { name: "Primary", layers: [{ members: [operator], startsOn: "2026-01-05" }] };
  await createOnCall(db, onCallSchema.parse(plan));
  await createChannel(
    db,
    channelSchema.parse({ name: "pager", kind: "on_call", settings: { schedule: "Primary" } }),
    admin,
  );
  await rule("CPU", "cpu.usage");
  const transport = await openTransport(mails.url);
  const send = (now: number) =>
    deliverAlerts(db, { mail: { transport, from: "s@example.org" }, portal: "https://s.example" }, { now: () => now });
  await evaluateAlerts(db, at(20));
  await send(at(21));
  const [{ id = 0 } = {}] = await listOnCall(db, at(21));
  await overrideOnCall(db, id, { userId: admin.id, startsAt: new Date(at(60)), endsAt: new Date(at(90)) });
  await evaluateAlerts(db, at(62));
  await send(at(63));
  const emailOf = async (userId: string) => (await db.user.findUniqueOrThrow({ where: { id: userId } })).email;
  assert.deepEqual(
    mails.received.map(({ to }) => to),
    [await emailOf(operator), await emailOf(admin.id)],
  );
  assert.equal((await listOnCall(db, at(70)))[0]?.now?.name, "admin");
  const { url: address } = await calendarUrl(db, id, at(70));
  const calendar = await readCalendar(db, address.slice(address.lastIndexOf("/") + 1), at(70));
  assert.match(calendar, /SUMMARY:admin on call\\, Primary\r\n/);
  assert.ok(calendar.split("\r\n").every((line) => Buffer.byteLength(line) <= 75));
  await assert.rejects(readCalendar(db, "forged", at(70)), /no schedule/);
  transport.close();
  await mails.stop();
});

test("a back-test finds the very alerts that the evaluation raised", async () => {
  const input = {
    name: "CPU",
    series: "cpu.usage",
    forMs: 2 * MINUTE_MS,
    condition: { kind: "threshold", operator: ">", level: 90, resolveLevel: 50 },
  };
  const parsed = ruleSchema.parse(input);
  const { id } = await createRule(db, parsed, null);
  const raised: number[] = [];
  for (let minute = 1; minute <= 300; minute++)
    for (const { state } of (await evaluateAlerts(db, at(minute))).transitions)
      if (state === "firing") raised.push(minute);
  const tested = await backtestRule(db, parsed, { days: 1, now: at(300), signal: new AbortController().signal });
  const found = tested.alerts.map(({ from }) => (from - START) / MINUTE_MS);
  assert.equal(raised.length, 5);
  assert.deepEqual(
    found.map((minute, n) => Math.abs(minute - (raised[n] ?? 0)) <= 1),
    raised.map(() => true),
    `${found} ${raised}`,
  );
  const { night, alerts, longestMs } = summarizeBacktest(tested, "Europe/Berlin");
  assert.deepEqual([alerts, night, longestMs > 40 * MINUTE_MS], [5, 5, true]);
  assert.equal(summarizeBacktest(tested, "Asia/Kolkata").night, 1);
  await channel("ops");
  const report = await testRule(db, parsed, {
    days: 1,
    zone: "UTC",
    now: at(300),
    signal: new AbortController().signal,
  });
  assert.deepEqual([report.alerts, report.channels, report.problem], [5, [{ name: "ops", alerts: 5 }], null]);
  assert.ok((report.chart?.points.length ?? 0) > 100);
  const [noisy] = await listNoisyRules(db, at(300));
  assert.deepEqual([noisy?.rule, noisy?.alerts, noisy?.series], ["CPU", 5, 1]);
  const remedies = await findRemedies(db, id, { now: at(300), signal: new AbortController().signal });
  assert.equal(remedies.alerts, 5);
  assert.ok(remedies.remedies.every(({ alerts: left }) => left < 5));
});
