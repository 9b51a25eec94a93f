import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { acknowledgeAlert } from "#lib/alerts/attend-alert.ts";
import { createChannel } from "#lib/alerts/channels/store.ts";
import { deliverAlerts } from "#lib/alerts/deliver.ts";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { createInhibition } from "#lib/alerts/inhibitions.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import { queueWaitingDeliveries } from "#lib/alerts/queue-deliveries.ts";
import { writeRouting } from "#lib/alerts/routing.ts";
import { createRule } from "#lib/alerts/rules.ts";
import { createSilence } from "#lib/alerts/silences.ts";
import { channelSchema } from "#lib/contract/alert-channels.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import type { Database } from "#lib/db/client.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";
import { addPerson } from "../support/people.ts";
import { quickStart } from "../support/quick-start.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

/** A Monday. */
const START = Date.UTC(2026, 2, 2);

type Heard = { path: string; key: string; state: string; rule: string; id: number };

const heard: Heard[] = [];
const receiver = createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  for (const { state, rule, id } of JSON.parse(text).lines)
    heard.push({ path: request.url ?? "", key: String(request.headers["idempotency-key"]), state, rule, id });
  response.end();
});

before(() => new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve)));
after(() => receiver.close());

async function addChannel(db: Database, name: string): Promise<number> {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/${name}`;
  const admin = { id: await addPerson(db, `admin`), role: "admin" as const };
  return createChannel(db, channelSchema.parse({ name, kind: "webhook", settings: { url } }), admin);
}

const addRule = (db: Database, name: string, series: string, more: object = {}) =>
  createRule(
    db,
    ruleSchema.parse({ name, series, condition: { kind: "threshold", operator: ">", level: 90 }, ...more }),
    null,
  );

test("with three workers, of which two are killed a hundred times at random, nothing is lost and nothing is told twice under two keys", {
  timeout: 300_000,
}, async () => {
  const { db, url } = await freshDatabase();
  await db.alertRule.deleteMany();
  await addChannel(db, "ops");
  const [count, halfMs, factor] = [16, 15 * MINUTE_MS, 60];
  const series = Array.from({ length: count }, (_, n): [string, Record<string, string>] => [
    "shop.queue",
    { shard: String(n) },
  ]);
  const hostId = await addHistory(url, "web-1", {
    ...{ series, from: START, to: START + 12 * HOUR_MS, stepMs: 30_000 },
    valuesAt: (at) => series.map((_, n) => (Math.floor((at - START + n * MINUTE_MS) / halfMs) % 2 === 1 ? 95 : 5)),
  });
  await addRule(db, "Queue", "shop.queue");
  const [begin, start] = [Date.now(), START + 10 * MINUTE_MS];
  const now = () => start + (Date.now() - begin) * factor;
  const worker = async (): Promise<ChildProcess> => {
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, "..", "support", "alert-worker.ts"),
        url,
        String(begin),
        String(start),
        String(factor),
      ],
      { stdio: ["ignore", "pipe", "ignore"], env: quickStart() },
    );
    await once(child.stdout as NodeJS.ReadableStream, "data");
    return child;
  };
  const stable = await worker();
  const churn = async (kills: number) => {
    for (let n = 0; n < kills; n++) {
      const child = await worker();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  };
  await Promise.all([churn(50), churn(50)]);
  stable.kill("SIGKILL");
  await once(stable, "exit");
  // What was claimed by the dead is free a minute later.
  const end = now() + 2 * HOUR_MS;
  await db.job.updateMany({ data: { runAt: new Date(end) } });
  await queueWaitingDeliveries(db, end);
  await deliverAlerts(db, { mail: undefined, portal: "https://s.example" }, { now: () => end });
  const alerts = await db.alert.findMany({ where: { hostId }, include: { deliveries: true, transitions: true } });
  assert.ok(alerts.length > 40, String(alerts.length));
  for (const { id, transitions, deliveries } of alerts) {
    const states = transitions.toSorted((a, b) => a.number - b.number).map(({ state }) => state);
    assert.ok(["firing", "firing resolved"].includes(states.join(" ")), `each change is stored once: ${states}`);
    for (const { state, sentAt, failure } of deliveries) {
      assert.ok(sentAt, `alert ${id}: ${state} was not sent`);
      const keys = new Set(heard.filter((line) => line.id === id && line.state === state).map(({ key }) => key));
      assert.equal(keys.size, failure === null ? 1 : 0, `alert ${id} ${state}: ${failure ?? [...keys].join()}`);
    }
  }
  const lines = heard.map(({ key, id, state }) => `${key} ${id} ${state}`);
  const doubled = lines.length - new Set(lines).size;
  assert.ok(doubled <= 100, `${doubled} were sent again after a kill, under the same key`);
});

test("a week goes by: each fault is told once, and a maintenance window, an acknowledgement, an outage and a flapping series tell no more than that", {
  timeout: 180_000,
}, async () => {
  const { db, url } = await freshDatabase();
  await db.alertRule.deleteMany();
  heard.length = 0;
  const [ops, boss] = [await addChannel(db, "ops"), await addChannel(db, "boss")];
  const day = (n: number, hour: number) => START + n * DAY_MS + hour * HOUR_MS;
  const within = (at: number, from: number, to: number) => at >= from && at < to;
  const cpu = (at: number) =>
    within(at, day(1, 10), day(1, 12)) || within(at, day(2, 2.5), day(2, 3)) || within(at, day(3, 3.5), day(3, 8));
  const flaps = (at: number) => within(at, day(4, 10), day(4, 13)) && Math.floor(at / (10 * MINUTE_MS)) % 2 === 0;
  const silent = (at: number) => within(at, day(3, 4), day(3, 6));
  await addHistory(url, "db-1", {
    ...{
      series: [["cpu.usage"], ["memory.usage"], ["disk.usage", { mount: "/" }]],
      from: START,
      to: START + 7 * DAY_MS,
      stepMs: MINUTE_MS,
    },
    valuesAt: (at) =>
      silent(at) ? [null, null, null] : [cpu(at) ? 99 : 10, flaps(at) ? 99 : 10, at >= day(5, 8) ? 95 : 60],
  });
  await addRule(db, "CPU", "cpu.usage", { noData: "keep" });
  await addRule(db, "Memory", "memory.usage", { noData: "keep" });
  await addRule(db, "Disk", "disk.usage", { noData: "keep" });
  await addRule(db, "Down", "cpu.usage", { severity: "critical", condition: { kind: "absence" } });
  await createInhibition(db, { sourceMatchers: 'rule="Down"', targetMatchers: 'severity=~".+"', equal: ["host"] });
  const step = (afterMs: number, id: number) => ({ afterMs, channelIds: [id], everyChannel: false });
  await writeRouting(db, {
    ...{ name: "All", matchers: "", continue: false, steps: [step(0, ops)], repeatMs: 0 },
    routes: [
      {
        name: "Disks",
        matchers: 'rule="Disk"',
        continue: false,
        steps: [step(0, ops), step(2 * HOUR_MS, boss)],
        routes: [],
      },
    ],
  });
  const user = await addPerson(db, "operator");
  const recurrence = { at: "03:00", durationMs: 70 * MINUTE_MS, weekdays: [], monthDays: [], zone: "Europe/Berlin" };
  await createSilence(
    db,
    {
      ...{ matchers: 'host="db-1"', comment: "the nightly backup", maintenance: true, recurrence },
      ...{ startsAt: new Date(START), endsAt: new Date(START + 30 * DAY_MS) },
    },
    user,
    START,
  );
  const log: string[] = [];
  const tell = (at: number) => {
    const time = new Date(at).toISOString();
    log.push(...heard.splice(0).map(({ path, state, rule }) => `${time.slice(8, 16)} ${path} ${rule} ${state}`));
  };
  for (let at = START + HOUR_MS; at < START + 7 * DAY_MS; at += 10 * MINUTE_MS) {
    await evaluateAlerts(db, at);
    if (at === day(5, 9)) {
      const [disk] = (await listAlerts(db, { from: 0, to: at, limit: 9, states: ["firing"] })).filter(
        ({ rule }) => rule === "Disk",
      );
      await acknowledgeAlert(
        db,
        { hostId: disk?.hostId ?? 0, id: disk?.id ?? 0, userId: user, now: at },
        { comment: "", until: null },
      );
    }
    await deliverAlerts(db, { mail: undefined, portal: "https://s.example" }, { now: () => at + MINUTE_MS });
    tell(at);
  }
  const linesOf = (rule: string) => log.filter((line) => line.includes(` ${rule} `));
  assert.deepEqual(linesOf("CPU").slice(0, 2), ["03T10:10 /ops CPU firing", "03T12:00 /ops CPU resolved"]);
  assert.ok(
    !log.some((line) => line.startsWith("04T")),
    "what began and ended in the maintenance window is told to nobody",
  );
  assert.deepEqual(linesOf("Down"), ["05T04:10 /ops Down firing", "05T06:00 /ops Down resolved"]);
  assert.deepEqual(
    linesOf("CPU").slice(2),
    ["05T03:40 /ops CPU firing", "05T08:00 /ops CPU resolved"],
    "an outage neither ends nor tells it again",
  );
  assert.ok(
    linesOf("Memory").length <= 8,
    `a series that flapped eighteen times was told ${linesOf("Memory").length} times`,
  );
  assert.deepEqual(linesOf("Disk"), ["07T08:10 /ops Disk firing"], "acknowledged before the second step");
});
