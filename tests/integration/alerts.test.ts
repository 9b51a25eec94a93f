import assert from "node:assert/strict";
import { before, test } from "node:test";
import { acknowledgeAlert } from "#lib/alerts/attend-alert.ts";
import { readValues, ValueMemo } from "#lib/alerts/conditions/live-values.ts";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import { createRule, listRules, removeRule, replaceRule } from "#lib/alerts/rules.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import type { Database } from "#lib/db/client.ts";
import { reader } from "#lib/db/reading.ts";
import { updateHost } from "#lib/hosts/update-host.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory, fillHistory } from "../support/history.ts";
import { addPerson } from "../support/people.ts";

const START = Date.UTC(2026, 2, 2);
/** From minute 10 to 20 the machine is busy, and between 80 and 90 % until minute 25; from 40 on it sends nothing. */
const busy = (at: number) => {
  const minute = (at - START) / MINUTE_MS;
  return minute >= 10 && minute < 20 ? 95 : minute >= 20 && minute < 25 ? 85 : 20;
};

let db: Database;
let url: string;
let hostId: number;
let user: string;

const rule = (more: object = {}) =>
  ruleSchema.parse({
    name: "CPU",
    series: "cpu.usage",
    windowMs: MINUTE_MS,
    condition: { kind: "threshold", operator: ">", level: 90, resolveLevel: 80 },
    ...more,
  });

before(async () => {
  const fresh = await freshDatabase();
  ({ db, url } = fresh);
  // Only the rules of a test are judged.
  await db.alertRule.deleteMany();
  user = await addPerson(db, "operator");
  const series: [string, Record<string, string>?][] = [
    ["cpu.usage"],
    ["disk.usage", { mount: "/" }],
    ["disk.usage", { mount: "/var" }],
    ["network.receive.bytes", { interface: "eth0" }],
  ];
  hostId = await addHistory(fresh.url, "web-1", {
    ...{ series, from: START, to: START + 40 * MINUTE_MS, stepMs: 5_000 },
    valuesAt: (at, n) => [busy(at), 50, 97, 1_000 * n],
  });
  await addHistory(fresh.url, "web-2", {
    ...{ series: [["cpu.usage"]], from: START, to: START + HOUR_MS, stepMs: 5_000, valuesAt: () => [5] },
  });
});

const all = { from: 0, to: START + 24 * HOUR_MS, limit: 100 };

/** Judges minute by minute; answers "minute: state" of each transition. */
async function run(from: number, to: number): Promise<string[]> {
  const seen: string[] = [];
  for (let minute = from; minute <= to; minute++) {
    const { transitions } = await evaluateAlerts(db, START + minute * MINUTE_MS);
    seen.push(...transitions.map(({ state }) => `${minute}: ${state}`));
  }
  return seen;
}

test("an alert waits, fires once, goes on between its levels, and is over past the lower one", async () => {
  const { id } = await createRule(db, rule({ forMs: 2 * MINUTE_MS }), user);
  assert.deepEqual(await run(8, 30), ["11: pending", "13: firing", "25: resolved"]);
  const [alert, ...others] = await listAlerts(db, all);
  assert.equal(others.length, 0, "web-2 is well");
  assert.equal(alert?.host, "web-1");
  assert.equal(alert?.summary, "CPU usage 95.0 %, above 90.0 %");
  assert.deepEqual(
    [alert?.startedAt, alert?.firedAt, alert?.endedAt].map((at) => at && (at.getTime() - START) / MINUTE_MS),
    [11, 13, 25],
  );
  assert.deepEqual(
    alert?.transitions.map(({ state }) => state),
    ["pending", "firing", "resolved"],
  );
  await removeRule(db, id);
});

test("what was pending and never fired leaves nothing", async () => {
  const { id } = await createRule(db, rule({ name: "Slow", forMs: HOUR_MS }), user);
  assert.deepEqual(await run(12, 30), ["12: pending"]);
  assert.deepEqual(
    (await listAlerts(db, all)).filter(({ ruleId }) => ruleId === id),
    [],
  );
  await removeRule(db, id);
});

test("a rule has an alert for each of its series, and says what it selects by labels", async () => {
  const { id } = await createRule(
    db,
    rule({ name: "Disks", series: 'disk.usage{mount=~"/.*"}', labels: { team: "db" } }),
    user,
  );
  assert.deepEqual(await run(30, 31), ["30: firing"]);
  const [alert] = await listAlerts(db, all);
  assert.deepEqual(alert?.labels, { mount: "/var", team: "db" });
  assert.equal(alert?.summary, "Disk usage, /var 97.0 %, above 90.0 %");
  const acknowledged = await acknowledgeAlert(
    db,
    { hostId, id: alert?.id ?? 0, userId: user, now: START + 31 * MINUTE_MS },
    { comment: "cleaning up", until: null },
  );
  assert.equal(acknowledged.comment, "cleaning up");
  await replaceRule(db, id, rule({ name: "Disks", series: 'disk.usage{mount="/"}' }));
  assert.deepEqual(await run(32, 33), ["32: resolved"], "what it selects no longer is over");
  await assert.rejects(
    acknowledgeAlert(db, { hostId, id: alert?.id ?? 0, userId: user, now: START }, { comment: "", until: null }),
    /The alert is over/,
  );
  await removeRule(db, id);
});

test("a host that sends nothing is absent, and has no data for every other rule", async () => {
  const { id } = await createRule(
    db,
    rule({ name: "Gone", windowMs: 2 * MINUTE_MS, condition: { kind: "absence" } }),
    user,
  );
  const other = await createRule(db, rule({ name: "CPU" }), user);
  assert.deepEqual(await run(38, 44), ["41: no_data", "42: firing"]);
  const summaries = (await listAlerts(db, all)).filter(({ endedAt }) => endedAt === null).map(({ summary }) => summary);
  assert.deepEqual(summaries.sort(), ["CPU usage has no data", "CPU usage has no samples in 2 min"]);
  await removeRule(db, id);
  await removeRule(db, other.id);
  assert.deepEqual(await run(45, 45), ["45: resolved"], "what had no data never fired");
});

test("a change is measured against the same window before, and from zero every other value is one", async () => {
  const against = { kind: "change", direction: "up", percent: 50, againstMs: 10 * MINUTE_MS };
  const { id } = await createRule(db, rule({ name: "Jump", condition: against }), user);
  assert.deepEqual(await run(11, 12), ["11: firing"]);
  assert.match((await listAlerts(db, all))[0]?.summary ?? "", /changed by \+50 % or more against 10 min earlier$/);
  await removeRule(db, id);
  await run(13, 13);
});

test("two that evaluate at once store each change once, and a kill in between changes nothing", async () => {
  const { id } = await createRule(db, rule({ name: "Race" }), user);
  const at = START + 15 * MINUTE_MS;
  const done = await Promise.all([1, 2, 3, 4].map(() => evaluateAlerts(db, at)));
  assert.equal(done.flatMap(({ transitions }) => transitions).length, 1);
  assert.equal((await listAlerts(db, all)).filter(({ ruleId }) => ruleId === id).length, 1);
  await db.$executeRaw`ALTER TABLE alert_clock ADD CONSTRAINT broken CHECK (false) NOT VALID`;
  const { transitions } = await evaluateAlerts(db, START + 30 * MINUTE_MS);
  assert.deepEqual(transitions, []);
  assert.equal(
    (await listAlerts(db, all)).find(({ ruleId }) => ruleId === id)?.state,
    "firing",
    "nothing half written",
  );
  await db.$executeRaw`ALTER TABLE alert_clock DROP CONSTRAINT broken`;
  await db.workFailure.deleteMany();
  assert.deepEqual(await run(31, 31), ["31: resolved"]);
  await removeRule(db, id);
});

test("a rule whose series no host has says so, and a selector or level that cannot be is refused by its field", async () => {
  const lost = await createRule(db, rule({ name: "Lost", series: "gpu.usage" }), user);
  assert.match(lost.problem ?? "", /No host of the rule has a series gpu.usage/);
  await evaluateAlerts(db, START + 30 * MINUTE_MS);
  assert.match((await listRules(db))[0]?.problem ?? "", /gpu.usage/);
  const mended = await replaceRule(db, lost.id, rule({ name: "Lost" }));
  assert.equal(mended.problem, null);
  await assert.rejects(createRule(db, rule({ series: "cpu.usage{" }), user), /cannot be read|is not a series/);
  const above = { kind: "threshold", operator: ">", level: 80, resolveLevel: 90 };
  await assert.rejects(createRule(db, rule({ condition: above }), user), /must not lie above the level, 80/);
  await assert.rejects(createRule(db, rule({ hostIds: [999] }), user), /There is no host 999/);
  await removeRule(db, lost.id);
});

test("with a host that is retired its alerts end, and when it is watched again they come again", async () => {
  await db.alertRule.deleteMany();
  await createRule(db, rule({ name: "Retired", forMs: 0 }), user);
  assert.deepEqual(await run(12, 13), ["12: firing"]);
  await updateHost(db, hostId, { retired: true });
  assert.deepEqual(await run(14, 15), ["14: resolved"]);
  await updateHost(db, hostId, { retired: false });
  assert.deepEqual(await run(16, 16), ["16: firing"]);
});

test("a host that is sampled ten minutes apart from now on is not absent, until three of those are over", async () => {
  const from = START + 2 * HOUR_MS;
  const changed = from + 30 * MINUTE_MS;
  const past = {
    series: [["disk.usage", { mount: "/srv" }]] as [string, Record<string, string>][],
    valuesAt: () => [10],
  };
  const id = await addHistory(url, "web-3", { ...past, from, to: changed, stepMs: 5 * SECOND_MS });
  await fillHistory(url, id, { ...past, from: changed, to: changed + HOUR_MS, stepMs: 10 * MINUTE_MS });
  const selector = 'disk.usage{mount="/srv"}';
  const { id: ruleId } = await createRule(
    db,
    rule({ name: "Absent", series: selector, condition: { kind: "absence" } }),
    user,
  );
  // As the background worker does: what it learned of the host the last time is kept.
  const memo = new ValueMemo();
  const fired: number[] = [];
  for (let now = changed - 2 * MINUTE_MS; now < changed + 2 * HOUR_MS; now += 40 * SECOND_MS) {
    const { transitions } = await evaluateAlerts(db, now, { memo });
    fired.push(...transitions.filter((each) => each.hostId === id && each.state === "firing").map(() => now - changed));
  }
  // The newest sample is of 50 minutes after the change.
  assert.deepEqual(fired, [80 * MINUTE_MS]);
  await removeRule(db, ruleId);
});

test("what rules read together is what each would read alone", async () => {
  const series = await listSeries(db, hostId);
  const windows = [15, 60, 90, 300, 600, 840].flatMap((seconds) =>
    [0, 30, 7 * 60].map((shift) => ({
      ...{ kind: "samples" as const, windowMs: seconds * SECOND_MS, shiftMs: shift * SECOND_MS },
      aggregate: "avg" as const,
    })),
  );
  const needs = windows.flatMap((window) => series.map((own) => ({ window, series: own })));
  // Busy, calm again, at an odd second, and with frames that end within the windows.
  for (const now of [12, 27, 20.37, 41, 47].map((minute) => START + minute * MINUTE_MS)) {
    const scope = { reads: reader(db), hostId, now };
    const together = await readValues(scope, needs);
    for (const need of needs) {
      const alone = await readValues(scope, [need]);
      const values = [together, alone].map(({ value }) => value(need.window, need.series.id));
      assert.equal(values[0], values[1], `${need.series.name} ${JSON.stringify(need.window)} at ${now - START}`);
    }
    assert.ok(needs.some(({ window, series: { id } }) => together.value(window, id) !== undefined));
  }
});
