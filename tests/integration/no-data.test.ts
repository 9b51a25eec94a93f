import assert from "node:assert/strict";
import { before, test } from "node:test";
import { listHostsWithState } from "#lib/alerts/host-states.ts";
import { DetectionRunner } from "#lib/anomalies/detection-runner.ts";
import { listIncidents } from "#lib/anomalies/list-incidents.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import type { Database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { updateHost } from "#lib/hosts/update-host.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange } from "#lib/tsdb/query.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const START = Date.UTC(2026, 2, 2);
const OFF = START + HOUR_MS;
const BACK = OFF + 20 * MINUTE_MS;

let db: Database;
let url: string;
let silentId: number;

const send = (name: string, from: number, to: number) =>
  addHistory(url, name, { series: [["cpu.usage"]], from, to, stepMs: 5_000, valuesAt: () => [20] });

before(async () => {
  const fresh = await freshDatabase();
  ({ db, url } = fresh);
  silentId = await send("silent", START, OFF);
  await send("steady", START, START + 2 * HOUR_MS);
});

const incidents = () => listIncidents(db, { from: 0, to: START + 30 * DAY_MS }, 10);

async function watch(runner: DetectionRunner, from: number, to: number): Promise<void> {
  for (let now = from; now <= to; now += MINUTE_MS) await runner.step(DEFAULT_SETTINGS, now + 3_500);
}

test("a host that sends nothing for five minutes is a critical incident, from its newest sample on", async () => {
  const runner = new DetectionRunner(db, "UTC");
  await watch(runner, OFF - 10 * MINUTE_MS, OFF + 4 * MINUTE_MS);
  assert.deepEqual(await incidents(), []);
  await watch(runner, OFF + 5 * MINUTE_MS, OFF + 12 * MINUTE_MS);
  const [incident, ...others] = await incidents();
  assert.deepEqual(others, []);
  assert.equal(incident?.hostId, silentId);
  assert.deepEqual([incident?.severity, incident?.status, incident?.endedAt], ["critical", "open", null]);
  assert.deepEqual(
    incident?.anomalies.map(({ type, reason }) => [type, /sends no samples/.test(reason)]),
    [["no_data", true]],
  );
  assert.equal(incident?.startedAt.getTime(), OFF - 5_000);
  assert.ok((incident?.lastAt.getTime() ?? 0) >= OFF + 12 * MINUTE_MS, "its length counts");
});

test("a silent host has no data and is no longer ok; others are as they are", async () => {
  const states = async (now: number) =>
    (await listHostsWithState(db, now)).map(({ name, state, worst }) => [name, state, worst]);
  assert.deepEqual(await states(OFF + 12 * MINUTE_MS), [
    ["silent", "no_data", "critical"],
    ["steady", "ok", null],
  ]);
  const [quiet] = await listHostsWithState(db, OFF + 10_000);
  assert.equal(quiet?.state, "critical", "two intervals are no silence: the incident counts");
});

test("it goes on after a restart, and ends when samples come again", async () => {
  await watch(new DetectionRunner(db, "UTC"), OFF + 14 * MINUTE_MS, OFF + 15 * MINUTE_MS);
  const [going] = await incidents();
  assert.ok((going?.lastAt.getTime() ?? 0) >= OFF + 15 * MINUTE_MS && going?.endedAt === null);
  await send("silent", BACK, BACK + 30 * MINUTE_MS);
  await watch(new DetectionRunner(db, "UTC"), BACK + MINUTE_MS, BACK + 3 * MINUTE_MS);
  const [ended, ...others] = await incidents();
  assert.deepEqual([others, ended?.status, ended?.reviewed], [[], "resolved", false]);
  const endedAt = ended?.endedAt?.getTime() ?? 0;
  assert.ok(endedAt >= BACK && endedAt <= BACK + 3 * MINUTE_MS, new Date(endedAt).toISOString());
});

test("a portal that was stopped has not seen its hosts fall silent: it says so after five minutes of its own", async () => {
  const again = BACK + 3 * HOUR_MS;
  const runner = new DetectionRunner(db, "UTC");
  await watch(runner, again, again + 4 * MINUTE_MS);
  assert.equal((await incidents()).length, 1);
  await watch(runner, again + 5 * MINUTE_MS, again + 6 * MINUTE_MS);
  const found = await incidents();
  assert.deepEqual(
    found
      .slice(0, 2)
      .map(({ host, startedAt }) => [host, startedAt.getTime()])
      .sort(),
    [
      ["silent", BACK + 30 * MINUTE_MS - 5_000],
      ["steady", START + 2 * HOUR_MS - 5_000],
    ],
  );
});

/** The points of a quarter of an hour without a sample, and of which resolutions they were made. */
async function gap(from: number): Promise<unknown> {
  const found = [];
  for (const aggregate of [undefined, "p95"] as const) {
    const range = { hostId: silentId, series: ["cpu.usage"], from, to: from + 15 * MINUTE_MS, points: 60, aggregate };
    const { series, resolutions } = await queryRange(db, range);
    found.push([series.map(({ points }) => withoutGaps(points)), resolutions]);
  }
  return found;
}

const NOTHING = [
  [[[]], []],
  [[[]], []],
];

test("a stretch without samples is a gap: no coarser step of the hour around it stands in", async () => {
  assert.deepEqual(await gap(OFF + 2 * MINUTE_MS), NOTHING);
  assert.deepEqual(await gap(BACK + 32 * MINUTE_MS), NOTHING);
});

test("the newest sample of a silent host is known once it is compacted", async () => {
  const newest = async () =>
    (await listHosts(db, START + 3 * DAY_MS)).map(({ lastSampleAt }) => lastSampleAt?.getTime());
  const exact = [BACK + 30 * MINUTE_MS - 5_000, START + 2 * HOUR_MS - 5_000];
  assert.deepEqual(await newest(), exact);
  assert.ok((await compactDue(db, START + DAY_MS)).frames > 1_000);
  assert.deepEqual(await newest(), exact);
  assert.deepEqual(await gap(OFF + 2 * MINUTE_MS), NOTHING);
  assert.deepEqual(await gap(BACK + 32 * MINUTE_MS), NOTHING);
});

test("the silence of a host that is retired is over, and is no incident again", async () => {
  const quiet = await send("retired", START, OFF);
  const ongoing = () => db.performanceAnomaly.count({ where: { hostId: quiet, endedAt: null } });
  const runner = new DetectionRunner(db, "UTC");
  await watch(runner, OFF, OFF + 7 * MINUTE_MS);
  assert.equal(await ongoing(), 1);
  await updateHost(db, quiet, { retired: true });
  await watch(runner, OFF + 8 * MINUTE_MS, OFF + 14 * MINUTE_MS);
  assert.equal(await ongoing(), 0);
});
