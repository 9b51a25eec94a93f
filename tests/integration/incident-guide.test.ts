import assert from "node:assert/strict";
import { before, test } from "node:test";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import { updateAnomalyStatus } from "#lib/anomalies/update-anomalies.ts";
import { storeStatements } from "#lib/databases/store/history.ts";
import { saveTexts } from "#lib/databases/store/statement-texts.ts";
import type { Database } from "#lib/db/client.ts";
import { savePostMortem } from "#lib/incidents/post-mortems.ts";
import { readGuide } from "#lib/incidents/read-guide.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { addHost, freshDatabase } from "../support/database.ts";
import { addIncident } from "../support/incidents.ts";
import { addPerson } from "../support/people.ts";

const START = Date.UTC(2026, 2, 2);
const MEMBERS = [{ series: "cpu.usage" }, { series: "load.5m" }, { series: "memory.usage" }];

const NOTHING = { summary: "", impact: "", timeline: "", cause: "", followUps: "" };

let db: Database;
let hostId: number;
let incidentId: number;

before(async () => {
  ({ db } = await freshDatabase());
  ({ hostId } = await addHost(db));
  incidentId = await addIncident(db, hostId, START, MEMBERS);
  const deploy = { kind: "deploy" as const, text: "Canary", service: "shop", version: "4.2.1" };
  await db.annotation.create({ data: { hostId, at: new Date(START - 6 * MINUTE_MS), ...deploy } });
});

const readGuideOf = async (id: number, now: number) => readGuide(db, await readIncident(db, hostId, id), now);

test("a deploy before is the likely cause with how sure that is, and what helped in a similar incident is the next step", async () => {
  const earlier = await addIncident(db, hostId, START - 3 * DAY_MS, MEMBERS);
  const acting = { hostId, incidentId: earlier, userId: await addPerson(db, "operator", "Ana"), now: START };
  await updateAnomalyStatus(
    db,
    { hostId, incidentId: earlier },
    { ...acting, status: "resolved", note: "rolled back" },
  );
  await savePostMortem(db, acting, {
    ...NOTHING,
    title: "The shop was slow",
    remedy: "Rolling the shop back",
    version: 0,
  });
  const { causes, steps, similar, compared, failed } = await readGuideOf(incidentId, START + HOUR_MS);
  assert.deepEqual(failed, []);
  assert.deepEqual([causes[0]?.title, causes[0]?.certainty], ["Deploy of shop 4.2.1, 6 min before", "likely"]);
  const [found, ...others] = similar;
  assert.deepEqual([found?.id, found?.likeness, found?.shared, others.length, compared], [earlier, 1, 3, 0, 1]);
  assert.deepEqual([found?.remedy, found?.said], ["Rolling the shop back", [{ by: "Ana", text: "rolled back" }]]);
  assert.equal(steps[0]?.text, "What helped before: Rolling the shop back");
  assert.match(steps.at(-1)?.page ?? "", new RegExp(`^/hosts/${hostId}\\?from=\\d+&to=\\d+$`));
});

test("where nothing is found the cause is not known, and it is said where it was looked for", async () => {
  const alone = await addIncident(db, hostId, START + 30 * DAY_MS, [{ series: "custom_queue_length" }]);
  const { causes, similar, compared, lookedAt } = await readGuideOf(alone, START + 30 * DAY_MS + MINUTE_MS);
  assert.deepEqual([causes, similar, compared], [[], [], 0]);
  assert.equal(lookedAt.length, 5);
  await db.$executeRaw`ALTER TABLE process_sample RENAME TO process_sample_away`;
  try {
    const broken = await readGuideOf(alone, START + 30 * DAY_MS);
    assert.deepEqual([broken.failed.map(({ part }) => part), broken.lookedAt.length], [["processes"], 4]);
  } finally {
    await db.$executeRaw`ALTER TABLE process_sample_away RENAME TO process_sample`;
  }
});

test("of ten thousand earlier incidents the newest five hundred are compared, and the most like it of these is found", async () => {
  const { hostId: busyId } = await addHost(db, "busy-1");
  const like = 1_009_700;
  await db.$executeRaw`
    INSERT INTO incident (host_id, id, started_at, last_at)
    SELECT ${busyId}, 1000000 + n, at, at FROM (SELECT n, ${new Date(START + 100 * DAY_MS)}::timestamptz + n * interval '10 min' AS at FROM generate_series(0, 9999) n) i`;
  await db.$executeRaw`
    INSERT INTO performance_anomaly (host_id, incident_id, series_id, metric, series, source, type, direction, severity, detected_at, last_at, ended_at,
      score, evidence, confidence, value, expected, deviation, reason)
    SELECT i.host_id, i.id, m.id, m.metric, m.metric, 'learned', 'shift', 'up', 'info', started_at, started_at, started_at, 1, m.evidence, 1, 9, 1, 0, ''
    FROM incident i CROSS JOIN LATERAL (VALUES (1, 'memory.usage', 1), (2, CASE i.id WHEN ${like}::int THEN 'swap.used' ELSE 'disk.busy' END, 9))
      m (id, metric, evidence) WHERE i.host_id = ${busyId}`;
  const at = START + 200 * DAY_MS;
  const own = await addIncident(db, hostId, at, [{ series: "swap.used" }, { series: "memory.usage", evidence: 1 }]);
  const { similar, compared } = await readGuideOf(own, at + HOUR_MS);
  assert.deepEqual([compared, similar.map(({ id }) => id)], [500, [like]]);
});

test("the statement that took most of a slow database's time is the likely cause, as long as minutes are kept", async () => {
  const { hostId: databaseHost } = await addHost(db, "db-1");
  const row = { name: "orders", kind: "postgres" as const, intervalS: 60, shown: {}, sealed: "", trusted: true };
  const { id: serverId } = await db.databaseServer.create({ data: { ...row, hostId: databaseHost } });
  const key = { hostId: databaseHost, serverId };
  const at = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 20 * MINUTE_MS;
  const deltaOf = (queryId: string, ms: number) => ({
    ...{ queryId, database: "shop", user: "app", calls: 10, ms, rows: 0, hit: 0, read: 0, ioMs: 0, temp: 0, wal: 0 },
  });
  for (let minute = -31; minute < 5; minute++)
    await storeStatements(db, key, at + minute * MINUTE_MS, {
      spanS: 60,
      statements: [deltaOf("7", minute < 0 ? 600 : 90_000), deltaOf("8", 600), deltaOf("0", minute < 0 ? 0 : 40_000)],
    });
  await saveTexts(db, key, new Map([["7", "SELECT *\n  FROM orders"]]), at);
  const id = await addIncident(db, databaseHost, at, [{ series: "postgres.response", value: 900, expected: 4 }]);
  const causesAt = async (now: number) => (await readGuide(db, await readIncident(db, databaseHost, id), now)).causes;
  const [cause, ...others] = await causesAt(at + 20 * MINUTE_MS);
  assert.deepEqual(
    [cause?.kind, cause?.title, cause?.certainty, cause?.page, others],
    [
      "statement",
      "Statement of orders took more time: SELECT * FROM orders",
      "likely",
      `/databases/${serverId}/queries`,
      [],
    ],
  );
  assert.match(cause?.evidence.map(({ value }) => Math.round(value)).join(" ") ?? "", /^1 1\d\d$/);
  assert.deepEqual(await causesAt(at + 4 * DAY_MS), [], "minutes are kept for three days");
});

test("hosts that became unusual within minutes of one another point to what they share", async () => {
  const at = START + 60 * DAY_MS;
  const own = await addIncident(db, hostId, at, MEMBERS);
  for (const name of ["web-2", "web-3"])
    await addIncident(db, (await addHost(db, name)).hostId, at + MINUTE_MS, [{ series: "memory.usage" }]);
  const { causes } = await readGuideOf(own, at + HOUR_MS);
  assert.deepEqual(
    causes.map(({ kind, certainty, why }) => [kind, certainty, why]),
    [["shared", "possible", "web-2, web-3 became unusual within 3 min of it"]],
  );
});
