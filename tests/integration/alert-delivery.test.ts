import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { listChannels } from "#lib/alerts/channels/list-channels.ts";
import { createChannel, replaceChannel } from "#lib/alerts/channels/store.ts";
import { deliverAlerts, testChannel } from "#lib/alerts/deliver.ts";
import { endSilence } from "#lib/alerts/end-silence.ts";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { queueWaitingDeliveries } from "#lib/alerts/queue-deliveries.ts";
import { createRule, removeRule } from "#lib/alerts/rules.ts";
import { createSilence, listSilences } from "#lib/alerts/silences.ts";
import { followReplies } from "#lib/alerts/telegram-replies.ts";
import { channelSchema, HIDDEN } from "#lib/contract/alert-channels.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import type { Database } from "#lib/db/client.ts";
import { openTransport } from "#lib/notify/mail.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";
import { addPerson } from "../support/people.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

const START = Date.UTC(2026, 2, 2);
const PORTAL = "https://sightline.example";

type Heard = { path: string; headers: IncomingMessage["headers"]; text: string };

let db: Database;
let admin: { id: string; role: "admin" };
const heard: Heard[] = [];
const inbox: ParsedMail[] = [];
/** What the receiver answers; 0 is nothing at all. */
let answer = 200;

const receiver = createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  heard.push({ path: request.url ?? "", headers: request.headers, text });
  if (answer === 0) return request.socket.destroy();
  response.writeHead(answer, { location: "http://127.0.0.1:1/elsewhere" }).end("no such hook");
});
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onData(stream, _session, callback) {
    simpleParser(stream).then((mail) => {
      inbox.push(mail);
      callback();
    }, callback);
  },
});
let url: string;
let mailUrl: string;

const busy = (at: number) => {
  const minute = (at - START) / MINUTE_MS;
  return minute >= 10 && minute < 20 ? 95 : 20;
};

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await db.alertRule.deleteMany();
  admin = { id: await addPerson(db, "admin"), role: "admin" };
  await addHistory(fresh.url, "web-1", {
    ...{ series: [["cpu.usage"], ["memory.usage"]], from: START, to: START + HOUR_MS, stepMs: 5_000 },
    valuesAt: (at) => [busy(at), busy(at)],
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  mailUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
});

after(async () => {
  receiver.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

beforeEach(async () => {
  answer = 200;
  heard.length = 0;
  inbox.length = 0;
  await db.alertChannel.deleteMany();
  await db.alertSilence.deleteMany();
  await db.alertInstance.deleteMany();
  await db.alert.deleteMany();
  await db.job.deleteMany();
  await db.alertRule.deleteMany();
});

const channel = (kind: string, settings: Record<string, string>, more: object = {}) =>
  createChannel(db, channelSchema.parse({ name: kind, kind, settings, ...more }), admin);

const addRule = (name: string, series: string, severity: string) => {
  const condition = { kind: "threshold", operator: ">", level: 90 };
  return createRule(db, ruleSchema.parse({ name, series, severity, condition }), admin.id);
};

const at = (minute: number) => START + minute * MINUTE_MS;

async function deliver(now: number) {
  const transport = await openTransport(mailUrl);
  const mail = { transport, from: "Sightline <s@example.org>" };
  try {
    return await deliverAlerts(db, { mail, portal: PORTAL }, { now: () => now });
  } finally {
    transport.close();
  }
}

test("what begins together is told at once, signed, with words; and its end once more", async () => {
  await channel("webhook", { url: `${url}/hook`, secret: "s3cret" });
  await addRule("CPU", "cpu.usage", "critical");
  await addRule("Memory", "memory.usage", "warning");
  await evaluateAlerts(db, at(15));
  await deliver(at(15));
  assert.equal(heard.length, 0, "a moment later: more may begin");
  await deliver(at(15) + 6 * SECOND_MS);
  assert.equal(heard.length, 1);
  const [{ text = "", headers = {} } = {}] = heard;
  const body = JSON.parse(text);
  assert.equal(body.status, "firing");
  assert.equal(body.title, "[critical] web-1: CPU usage 95.0 %, above 90.0 % and 1 more");
  assert.deepEqual(body.lines.map(({ rule }: { rule: string }) => rule).sort(), ["CPU", "Memory"]);
  assert.equal(headers["x-sightline-signature"], `sha256=${createHmac("sha256", "s3cret").update(text).digest("hex")}`);
  assert.match(String(headers["idempotency-key"]), /^alert-/);
  await evaluateAlerts(db, at(30));
  await deliver(at(31));
  assert.equal(JSON.parse(heard[1]?.text ?? "{}").status, "resolved");
  await evaluateAlerts(db, at(32));
  await deliver(at(33));
  assert.equal(heard.length, 2, "nothing is told twice");
});

test("a mail says what, how bad, since when and where to look", async () => {
  await channel("email", { to: "ana@example.org, bo@example.org" });
  await addRule("CPU", "cpu.usage", "critical");
  await evaluateAlerts(db, at(15));
  await deliver(at(16));
  assert.equal(inbox.length, 2);
  assert.equal(inbox[0]?.subject, "[critical] web-1: CPU usage 95.0 %, above 90.0 %");
  assert.match(
    inbox[0]?.text ?? "",
    /critical: CPU usage 95\.0 %[\s\S]*since 2026-03-02T00:15[\s\S]*sightline\.example\/alerts/,
  );
});

test("a channel hears of what is grave enough on its hosts, and one that is off of nothing", async () => {
  await channel("webhook", { url: `${url}/critical` }, { name: "a", minSeverity: "critical" });
  await channel("webhook", { url: `${url}/off` }, { name: "b", enabled: false });
  await channel("webhook", { url: `${url}/all` }, { name: "c", minSeverity: "info" });
  await addRule("Memory", "memory.usage", "warning");
  await evaluateAlerts(db, at(15));
  await deliver(at(16));
  assert.deepEqual(
    heard.map(({ path }) => path),
    ["/all"],
  );
});

test("a receiver that fails is tried again under the same key, and the log says what it answered", async () => {
  await channel("webhook", { url: `${url}/hook` });
  await addRule("CPU", "cpu.usage", "critical");
  await evaluateAlerts(db, at(15));
  for (const [status, words] of [
    [500, /answered 500: no such hook/],
    [302, /answered 302: redirects are not followed/],
    [0, /cannot be reached/],
  ] as const) {
    answer = status;
    await db.job.updateMany({ data: { runAt: new Date(at(16)) } });
    await deliver(at(16));
    const [info] = await listChannels(db);
    assert.match(info?.deliveries[0]?.failure ?? "", words);
    assert.equal(info?.deliveries[0]?.sentAt, null);
  }
  answer = 200;
  await db.job.updateMany({ data: { runAt: new Date(at(16)) } });
  await deliver(at(16));
  const keys = new Set(heard.map(({ headers }) => headers["idempotency-key"]));
  assert.deepEqual([heard.length, keys.size], [4, 1]);
  const [info] = await listChannels(db);
  assert.deepEqual([info?.deliveries[0]?.failure, info?.deliveries[0]?.attempts], [null, 4]);
});

test("what began and ended before anybody was told is no news, and one failing channel holds up no other", async () => {
  await channel("webhook", { url: `${url}/hook` });
  await addRule("CPU", "cpu.usage", "critical");
  await evaluateAlerts(db, at(15));
  await evaluateAlerts(db, at(30));
  await channel("webhook", { url: "http://127.0.0.1:1/away" }, { name: "away" });
  await deliver(at(31));
  assert.equal(heard.length, 0);
  const deliveries = (await listChannels(db)).flatMap((info) => info.deliveries);
  assert.ok(
    deliveries.every(({ failure }) => /over before/.test(failure ?? "")),
    JSON.stringify(deliveries),
  );
});

test("workers that share the queue tell each thing once, and what lost its job is queued again", async () => {
  await channel("webhook", { url: `${url}/hook` });
  await addRule("CPU", "cpu.usage", "critical");
  await addRule("Memory", "memory.usage", "critical");
  await evaluateAlerts(db, at(15));
  await db.job.deleteMany();
  assert.equal(await queueWaitingDeliveries(db, at(15)), 2);
  await Promise.all([1, 2, 3, 4].map(() => deliver(at(16))));
  const rules = heard.flatMap(({ text }) => JSON.parse(text).lines.map(({ rule }: { rule: string }) => rule));
  assert.deepEqual(rules.sort(), ["CPU", "Memory"]);
});

test("each service is told as it wants to be", async () => {
  const kinds: [string, Record<string, string>][] = [
    ["slack", { url: `${url}/slack` }],
    ["discord", { url: `${url}/discord` }],
    ["teams", { url: `${url}/teams` }],
    ["ntfy", { url: `${url}/topic`, token: "tk" }],
    ["pagerduty", { routing_key: "rk", url: `${url}/enqueue` }],
    ["gotify", { url: `${url}/gotify`, token: "gt" }],
    ["telegram", { token: "1:bot", chat: "42", url }],
  ];
  for (const [kind, settings] of kinds) await testChannel(db, await channel(kind, settings), Date.now());
  const byPath = new Map(heard.map(({ path, text, headers }) => [path, { body: JSON.parse(text), headers }]));
  assert.match(byPath.get("/slack")?.body.text, /This is a test/);
  assert.match(byPath.get("/discord")?.body.content, /This is a test/);
  assert.equal(byPath.get("/teams")?.body.attachments[0].content.type, "AdaptiveCard");
  assert.deepEqual([byPath.get("/")?.body.topic, byPath.get("/")?.headers.authorization], ["topic", "Bearer tk"]);
  assert.deepEqual(
    [byPath.get("/enqueue")?.body.event_action, byPath.get("/enqueue")?.body.routing_key],
    ["trigger", "rk"],
  );
  assert.equal(byPath.get("/gotify/message")?.headers["x-gotify-key"], "gt");
  assert.equal(byPath.get("/bot1:bot/sendMessage")?.body.chat_id, "42");
});

test("secrets are sealed and never shown, stay where they are shown as hidden, and a test says what was answered", async () => {
  const id = await channel("webhook", { url: `${url}/hook`, secret: "s3cret" });
  const [info] = await listChannels(db);
  assert.deepEqual(info?.settings, { url: HIDDEN, secret: HIDDEN });
  assert.doesNotMatch(JSON.stringify(await db.alertChannel.findMany()), /s3cret|\/hook/);
  const kept = channelSchema.parse({ name: "Renamed", kind: "webhook", settings: info?.settings ?? {} });
  await replaceChannel(db, id, kept, "admin");
  answer = 410;
  await assert.rejects(testChannel(db, id, Date.now()), /was not taken: .*answered 410: no such hook/);
  assert.ok(heard[0]?.headers["x-sightline-signature"]);
});

test("what a channel cannot be is refused by its field; who is no administrator reaches no private address", async () => {
  const operator = { id: await addPerson(db, "operator"), role: "operator" as const };
  const create = (kind: string, settings: Record<string, string>, user: typeof operator | typeof admin = admin) =>
    createChannel(db, channelSchema.parse({ name: kind, kind, settings }), user);
  await assert.rejects(create("slack", {}), /Enter url/);
  await assert.rejects(create("slack", { url: "ftp://x" }), /is no URL/);
  await assert.rejects(create("slack", { url: "https://x.example", channel: "#ops" }), /slack has no setting channel/);
  await assert.rejects(create("email", { to: "ana@example.org, nobody" }), /"nobody" is no email address/);
  await assert.rejects(create("webhook", { url: "http://169.254.169.254/latest" }), /nothing is sent to/);
  await assert.rejects(create("webhook", { url: `${url}/hook` }, operator), /is no public address/);
  assert.equal(await db.alertChannel.count(), 0);
});

const silence = (matchers: string, from: number, to: number) =>
  createSilence(
    db,
    {
      ...{ matchers, comment: "moving the rack", startsAt: new Date(at(from)), endsAt: new Date(at(to)) },
      ...{ maintenance: false, recurrence: null },
    },
    admin.id,
    at(from),
  );

test("while a silence holds nobody is told; what still goes on when it ends is told then, and its end as well", async () => {
  await channel("webhook", { url: `${url}/hook` });
  await addRule("CPU", "cpu.usage", "critical");
  await silence('host="web-1",severity=~"critical|warning"', 14, 18);
  await evaluateAlerts(db, at(15));
  await deliver(at(16));
  assert.equal(heard.length, 0);
  await deliver(at(18));
  await evaluateAlerts(db, at(30));
  await deliver(at(31));
  assert.deepEqual(
    heard.map(({ text }) => JSON.parse(text).status),
    ["firing", "resolved"],
  );
});

test("what began and ended in a silence is never told, and labels that do not match are no silence", async () => {
  await channel("webhook", { url: `${url}/hook` });
  await addRule("CPU", "cpu.usage", "critical");
  await addRule("Memory", "memory.usage", "critical");
  await silence('rule="CPU"', 14, 50);
  await evaluateAlerts(db, at(15));
  await deliver(at(16));
  await evaluateAlerts(db, at(30));
  for (const minute of [31, 51]) await deliver(at(minute));
  const rules = heard.flatMap(({ text }) => JSON.parse(text).lines.map(({ rule }: { rule: string }) => rule));
  assert.deepEqual(rules, ["Memory", "Memory"]);
});

test("a silence that is ended early tells at once, and one that cannot be is refused by its field", async () => {
  await channel("webhook", { url: `${url}/hook` });
  await addRule("CPU", "cpu.usage", "critical");
  const id = await silence('series="cpu.usage"', 14, 50);
  await evaluateAlerts(db, at(15));
  assert.equal((await listSilences(db, at(15)))[0]?.author, "admin");
  await endSilence(db, id, at(16));
  await deliver(at(16));
  assert.equal(heard.length, 1);
  await assert.rejects(endSilence(db, id, at(17)), /no silence/);
  await assert.rejects(silence("host=", 14, 50), /labels that cannot be read/);
  await assert.rejects(silence(" ", 14, 50), /Name what to silence/);
  await assert.rejects(silence('host="a"', 14, 14), /must end later/);
});

test("a removed rule's alert ends, and its channel hears of that", async () => {
  await channel("webhook", { url: `${url}/hook` });
  const { id } = await addRule("CPU", "cpu.usage", "critical");
  await evaluateAlerts(db, at(15));
  await deliver(at(16));
  await removeRule(db, id);
  await evaluateAlerts(db, at(17));
  await deliver(at(18));
  assert.deepEqual(
    heard.map(({ text }) => JSON.parse(text).status),
    ["firing", "resolved"],
  );
});

test("a button under a notification in Telegram acknowledges its alert; a press in another chat, or under what is over, does nothing", async () => {
  const requests: { method: string; body: { offset?: number; text?: string; reply_markup?: object } }[] = [];
  let updates: object[] = [];
  const telegram = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    requests.push({ method: request.url?.split("/").at(-1) ?? "", body });
    if (body.offset) updates = updates.filter((update) => (update as { update_id: number }).update_id >= body.offset);
    response.end(JSON.stringify({ ok: true, result: updates }));
  });
  await new Promise<void>((resolve) => telegram.listen(0, "127.0.0.1", resolve));
  const server = `http://127.0.0.1:${(telegram.address() as AddressInfo).port}`;
  await channel("telegram", { token: "1:bot", chat: "42", url: server });
  await addRule("CPU", "cpu.usage", "critical");
  await evaluateAlerts(db, at(15));
  await deliver(at(16));
  const markup = JSON.stringify(requests[0]?.body.reply_markup);
  const [, data = ""] = /"callback_data":"(ack [^"]+)"/.exec(markup) ?? [];
  const press = (update_id: number, chat: number, text: string) => ({
    update_id,
    callback_query: { id: String(update_id), data: text, from: { username: "bo" }, message: { chat: { id: chat } } },
  });
  updates = [press(1, 7, data), press(2, 42, "drop table"), press(3, 42, data)];
  assert.equal(await followReplies(db, at(17)), 3);
  const said = requests.filter(({ method }) => method === "answerCallbackQuery").map(({ body }) => body.text);
  assert.deepEqual(said, [
    "This is not the chat of the channel",
    "This button is not one of Sightline's",
    "Acknowledged",
  ]);
  const { comment } = await db.alert.findFirstOrThrow();
  assert.equal(comment, "by bo in Telegram");
  assert.equal(await followReplies(db, at(18)), 0, "what was followed comes no second time");
  await evaluateAlerts(db, at(30));
  updates = [press(4, 42, data)];
  await followReplies(db, at(31));
  assert.match(String(requests.filter(({ method }) => method === "answerCallbackQuery").at(-1)?.body.text), /is over/);
  telegram.close();
});
