import assert from "node:assert/strict";
import { before, test } from "node:test";
import { backtest, countExpectedAlerts } from "#lib/anomalies/backtest.ts";
import { worstHost } from "#lib/anomalies/count-anomalies.ts";
import { DetectionRunner } from "#lib/anomalies/detection-runner.ts";
import { listAnomalies } from "#lib/anomalies/list-anomalies.ts";
import { listIncidents } from "#lib/anomalies/list-incidents.ts";
import { alertThresholdFor, policyFor } from "#lib/anomalies/policy.ts";
import { updateAnomalyStatus } from "#lib/anomalies/update-anomalies.ts";
import type { AnomalyStatus } from "#lib/contract/enums.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import type { Database } from "#lib/db/client.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const START = Date.UTC(2026, 2, 2);
const USER = "0192b7a0-0000-7000-8000-000000000000";

let db: Database;
let url: string;
let hostId: number;

/** A machine that works by day and rests by night, with a little noise that is the same at every run. */
function load(at: number): number {
  const hour = ((at % DAY_MS) / DAY_MS) * 24;
  const noise = Math.sin(at / 7919) + Math.sin(at / 104_729) + Math.sin(at / 611_953);
  return (hour >= 8 && hour < 18 ? 45 : 12) + noise;
}

/** An hour at noon of the fifth day in which CPU and then the database's answers go wrong. */
const WRONG = START + 4 * DAY_MS + 12 * HOUR_MS;
const wrong = (at: number, after: number) => at >= WRONG + after && at < WRONG + HOUR_MS;

const valuesAt = (at: number): number[] => [
  load(at) + (wrong(at, 0) ? 40 : 0),
  load(at) / 20 + (wrong(at, 2 * MINUTE_MS) ? 30 : 0),
  40 + Math.sin(at / 5_000_011),
];

before(async () => {
  const fresh = await freshDatabase();
  ({ db, url } = fresh);
  hostId = await addHistory(fresh.url, "web-1", {
    series: [["cpu.usage"], ["postgres.response"], ["memory.usage"]],
    from: START,
    to: START + 5 * DAY_MS,
    stepMs: MINUTE_MS,
    valuesAt,
  });
});

const everything = { from: 0, to: START + 30 * DAY_MS };
const recorded = async () => (await listAnomalies(db, everything, { skip: 0, take: 100 })).anomalies;

test("a past that was never monitored is learned, and only anomalies of its last hour are recorded", async () => {
  const runner = new DetectionRunner(db, "UTC");
  const step = await runner.step(DEFAULT_SETTINGS, START + 4 * DAY_MS);
  assert.equal(step.series, 3);
  assert.ok(step.samples > 4 * 3 * 1430);
  assert.deepEqual(await recorded(), []);
  await runner.save(START + 4 * DAY_MS);
});

test("anomalies that begin together are one incident, with what began first and a reason", async () => {
  const runner = new DetectionRunner(db, "UTC");
  for (let now = START + 4 * DAY_MS; now <= START + 5 * DAY_MS; now += 30 * MINUTE_MS)
    await runner.step(DEFAULT_SETTINGS, now);
  const incidents = await listIncidents(db, everything, 10);
  const main = incidents.find(({ anomalies }) => anomalies.length > 1);
  assert.ok(main, JSON.stringify(incidents));
  assert.deepEqual(new Set(main.anomalies.map(({ metric }) => metric)), new Set(["cpu.usage", "postgres.response"]));
  const first = main.anomalies.find(({ order }) => order === 1);
  assert.equal(first?.metric, "cpu.usage");
  assert.ok(Math.abs((first?.detectedAt.getTime() ?? 0) - WRONG) <= 2 * MINUTE_MS, first?.detectedAt.toISOString());
  assert.match(first?.reason ?? "", /expected at this time of the week/);
  assert.ok(main.anomalies.every(({ endedAt }) => endedAt !== null));
  assert.ok(Math.abs(main.anomalies.reduce((sum, { contribution }) => sum + contribution, 0) - 1) < 1e-9);
});

test("a runner that was killed records the same again and nothing twice", async () => {
  const before = await recorded();
  const again = new DetectionRunner(db, "UTC");
  await again.step(DEFAULT_SETTINGS, START + 5 * DAY_MS);
  assert.deepEqual(await recorded(), before);
});

test("a pattern that was marked as a false alarm needs more evidence the next time", async () => {
  const [cpu] = (await recorded()).filter(({ metric }) => metric === "cpu.usage");
  assert.ok(cpu);
  const count = await updateAnomalyStatus(
    db,
    { hostId, id: cpu.id },
    { status: "false_alarm", note: "the yearly stocktaking", userId: USER, now: START + 5 * DAY_MS },
  );
  assert.equal(count, 1);
  const { readFalseAlarms } = await import("#lib/anomalies/read-feedback.ts");
  const { feedbackFactor } = await import("#lib/anomalies/policy.ts");
  const past = (await readFalseAlarms(db, hostId, START + 5 * DAY_MS))
    .get(cpu.seriesId)
    ?.get(`${cpu.type} ${cpu.direction}`);
  assert.equal(past?.length, 1);
  assert.equal(feedbackFactor(past ?? [], START + 5 * DAY_MS), 1.5);
});

test("the preview counts by day what a setting would have raised", async () => {
  const cpu = (await listSeries(db, hostId)).find(({ metric }) => metric === "cpu.usage");
  const range = { hostId, seriesId: cpu?.id ?? 0, from: START, to: START + 5 * DAY_MS, learnMs: 0 };
  const alerts = async (sensitivity: number) => {
    const policy = {
      ...policyFor({ settings: DEFAULT_SETTINGS, overrides: [] }, hostId, "cpu.usage"),
      alertThreshold: alertThresholdFor(sensitivity),
    };
    return countExpectedAlerts(await backtest(db, range, policy));
  };
  const [strict, usual] = [await alerts(10), await alerts(5)];
  assert.equal(usual.days, 5);
  assert.ok(strict.raised > usual.raised, `${strict.raised} ${usual.raised}`);
  assert.ok(usual.raised >= 1 && usual.worstDay <= usual.raised);
});

test("what has ended is resolved by itself until somebody reviews it; open and acknowledged go on", async () => {
  const all = await recorded();
  assert.ok(all.length > 0);
  await db.performanceAnomaly.updateMany({ data: { status: "open", endedAt: new Date(WRONG + HOUR_MS) } });
  const [running] = all;
  const where = { hostId_id: { hostId: running?.hostId ?? 0, id: running?.id ?? 0 } };
  await db.performanceAnomaly.update({ where, data: { endedAt: null } });
  const having = async (statuses: AnomalyStatus[]) =>
    (await listAnomalies(db, { ...everything, statuses }, { skip: 0, take: 100 })).anomalies;
  assert.deepEqual(
    (await having(["open"])).map(({ id, reviewed }) => [id, reviewed]),
    [[running?.id, false]],
  );
  assert.ok((await having(["resolved"])).every(({ status, reviewed }) => status === "resolved" && !reviewed));
  assert.equal((await having(["open", "resolved"])).length, all.length);
  const [incident] = (await listIncidents(db, everything, 10)).filter(({ anomalies }) =>
    anomalies.some(({ id }) => id === running?.id),
  );
  assert.deepEqual([incident?.status, incident?.endedAt, incident?.reviewed], ["open", null, false]);
  const ongoing = async (hostId?: number) =>
    (await listIncidents(db, { ...everything, hostId, ongoing: true }, 10)).map(({ id }) => id);
  assert.deepEqual(await ongoing(), [incident?.id], "whenever it began");
  assert.deepEqual(await ongoing(incident?.hostId), [incident?.id]);
  assert.deepEqual(await ongoing(0), []);
  await updateAnomalyStatus(
    db,
    { hostId: incident?.hostId ?? 0, incidentId: incident?.id ?? 0 },
    { status: "acknowledged", userId: USER, now: WRONG + DAY_MS },
  );
  assert.deepEqual(
    (await having(["acknowledged"])).map(({ id }) => id),
    [running?.id],
    "what has ended is not worked on",
  );
  await db.performanceAnomaly.update({ where, data: { endedAt: new Date(WRONG + HOUR_MS) } });
  assert.deepEqual(await ongoing(), []);
  const [ended] = (await listIncidents(db, everything, 10)).filter(({ id }) => id === incident?.id);
  assert.deepEqual([ended?.status, ended?.reviewed], ["resolved", true]);
  assert.deepEqual(await having(["acknowledged"]), []);
  assert.deepEqual(await having(["false_alarm"]), []);
});

test("a page that names no host opens on the one with the worst that goes on, not on the first by name", async () => {
  const first = await addHistory(url, "a-first", {
    series: [["cpu.usage"]],
    from: START,
    to: START + HOUR_MS,
    stepMs: MINUTE_MS,
    valuesAt: () => [1],
  });
  await db.performanceAnomaly.updateMany({ data: { endedAt: new Date(WRONG), status: "open" } });
  assert.equal(await worstHost(db), undefined);
  const [anomaly] = await recorded();
  const where = { hostId_id: { hostId: anomaly?.hostId ?? 0, id: anomaly?.id ?? 0 } };
  await db.performanceAnomaly.update({ where, data: { endedAt: null, severity: "warning" } });
  assert.equal(await worstHost(db), hostId);
  await db.performanceAnomaly.update({ where, data: { status: "false_alarm" } });
  assert.equal(await worstHost(db), undefined);
  assert.notEqual(first, hostId);
});
