import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { removeAccount } from "#lib/access/remove-account.ts";
import { assignIncident } from "#lib/anomalies/assign-incident.ts";
import { addComment, editComment, listComments, removeComment } from "#lib/anomalies/incident-events.ts";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import { removeAnomaliesBefore, updateAnomalyStatus } from "#lib/anomalies/update-anomalies.ts";
import type { Database } from "#lib/db/client.ts";
import { migrate } from "#lib/db/migrate.ts";
import { listPostMortems, readPostMortem, removePostMortem, savePostMortem } from "#lib/incidents/post-mortems.ts";
import { readTimeline } from "#lib/incidents/read-timeline.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { addHost, freshDatabase } from "../support/database.ts";
import { addIncident } from "../support/incidents.ts";
import { addPerson } from "../support/people.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

const START = Date.UTC(2026, 2, 2);
const MEMBERS = [
  { series: "cpu.usage" },
  { series: "load.5m", value: 9, expected: 1, deviation: 0 },
  { series: "memory.usage", after: 3 },
];
const PRISMA = join(import.meta.dirname, "..", "..", "prisma");
const TEXT = {
  ...{
    title: "The shop was slow",
    summary: "",
    impact: "",
    timeline: "",
    cause: "a deploy",
    remedy: "",
    followUps: "",
  },
};

let db: Database;
let hostId: number;
let incidentId: number;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  ({ hostId } = await addHost(db));
  await signInRoles(db, fresh.url);
  incidentId = await addIncident(db, hostId, START, MEMBERS);
});

const actingAs = (userId: string, minute = 1) => ({ hostId, incidentId, userId, now: START + minute * MINUTE_MS });
const timeline = async (readerId = "") => readTimeline(db, await readIncident(db, hostId, incidentId), readerId);
const post = async (text: unknown, role: "engineer" | "viewer" = "engineer") =>
  (
    await callRoute({ method: "post", path: "/incidents/{id}/comments" }, `?host=${hostId}`, {
      ...{ role, id: String(incidentId), body: { text } },
    })
  ).status;

test("its title says what rose, what is usual, and how many followed how soon", async () => {
  const { title } = await readIncident(db, hostId, incidentId);
  assert.equal(title, "CPU usage of web-1 rose to 97.0 % (usually 20.0 to 35.0 %), 2 others followed within 3 min");
});

test("what somebody decides stands in the timeline with who did and why, also of a single metric", async () => {
  const ana = await addPerson(db, "operator", "Ana");
  const bo = await addPerson(db, "engineer", "Bo");
  await updateAnomalyStatus(
    db,
    { hostId, incidentId },
    { ...actingAs(ana, 2), status: "acknowledged", note: "I look" },
  );
  await assignIncident(db, actingAs(ana, 3), bo);
  await assignIncident(db, actingAs(ana, 4), bo);
  const [load] = (await readIncident(db, hostId, incidentId)).anomalies.filter(({ series }) => series === "load.5m");
  await updateAnomalyStatus(db, { hostId, id: load?.id ?? 0 }, { ...actingAs(bo, 5), status: "false_alarm" });
  const acts = (await timeline()).entries.filter(({ kind }) => kind === "act");
  assert.deepEqual(
    acts.map(({ by, text, note }) => [by, text, note]),
    [
      ["Ana", "acknowledged the incident", "I look"],
      ["Ana", "assigned the incident to Bo", ""],
      ["Bo", "marked it as false alarm", "Load, 5 min"],
    ],
  );
  await assignIncident(db, actingAs(ana, 6), ana);
  assert.ok((await timeline()).entries.some(({ by, text }) => by === "Ana" && text === "took the incident on"));
  await assignIncident(db, actingAs(ana, 7), bo);
  assert.equal((await readIncident(db, hostId, incidentId)).assignedTo, "Bo");
});

test("only an account that may decide is assigned, and an incident that is not there is not found", async () => {
  const viewer = await addPerson(db, "viewer");
  const admin = await addPerson(db, "admin");
  await assert.rejects(assignIncident(db, actingAs(admin), viewer), /may decide/);
  await assert.rejects(assignIncident(db, { ...actingAs(admin), incidentId: 999 }, admin), /no incident 999/);
});

test("of an account that is gone the words stay, and the incident is nobody's", async () => {
  const gone = await addPerson(db, "engineer", "Gone");
  await assignIncident(db, actingAs(gone, 6), gone);
  await addComment(db, actingAs(gone, 6), "the cache is cold");
  await removeAccount(db, gone, undefined);
  assert.equal((await readIncident(db, hostId, incidentId)).assignedTo, null);
  const [said] = (await timeline()).entries.filter(({ text }) => text === "the cache is cold");
  assert.deepEqual([said?.by, said?.comment?.own], [null, false]);
});

test("a comment is changed and removed by its author alone", async () => {
  const [cem, dora] = [await addPerson(db, "engineer", "Cem"), await addPerson(db, "admin", "Dora")];
  const { id } = await addComment(db, actingAs(cem, 7), "it is the disk");
  const which = { ...actingAs(dora, 8), commentId: id };
  await assert.rejects(editComment(db, which, "no"), /only its author/);
  await assert.rejects(removeComment(db, which), /only its author/);
  const own = { ...actingAs(cem, 9), commentId: id };
  assert.equal((await editComment(db, own, "it is the disk")).editedAt, null, "nothing was changed");
  assert.equal((await editComment(db, own, "it is the network")).editedAt?.getTime(), own.now);
  await assert.rejects(editComment(db, { ...own, incidentId: 999 }, "x"), /no comment/);
  await removeComment(db, own);
  await assert.rejects(removeComment(db, own), /no comment/);
});

test("a comment that nobody could see or that cannot be stored is refused", async () => {
  for (const text of [
    "",
    "   ",
    "\u200B\u2060\uFEFF",
    "\u3164",
    "\u2800",
    "a\u0000b",
    "a\uD800b",
    "x".repeat(2_001),
    7,
  ])
    assert.equal(await post(text), 400, JSON.stringify(text));
  assert.equal(await post("🔥 it burns"), 201);
  assert.equal(await post("may I?", "viewer"), 403);
});

test("ten thousand comments come page by page, and the timeline shows the newest with how many are older", async () => {
  const { total: before } = await listComments(db, { hostId, incidentId }, "", { limit: 1 });
  await db.incidentEvent.createMany({
    data: Array.from({ length: 10_000 }, (_, n) => ({
      ...{ hostId, incidentId, kind: "commented" as const, text: `comment ${n}` },
      at: new Date(START + HOUR_MS),
    })),
  });
  const { entries, earlierComments } = await timeline();
  const said = entries.filter(({ kind }) => kind === "comment");
  assert.deepEqual([said.length, earlierComments], [100, before + 9_900]);
  assert.equal(entries[0]?.kind, "first_mover");
  const seen = new Set<number>();
  for (let from: number | undefined; ; ) {
    const { total, comments } = await listComments(db, { hostId, incidentId }, "", { before: from, limit: 500 });
    assert.equal(total, before + 10_000);
    for (const { id } of comments) seen.add(id);
    if (comments.length === 0) break;
    from = comments.at(-1)?.id;
  }
  assert.equal(seen.size, before + 10_000);
  await db.incidentEvent.deleteMany({ where: { kind: "commented" } });
});

test("the timeline has alerts with what was done about them, and the deploy before, in the order of time", async () => {
  const ana = await addPerson(db, "operator", "Ana");
  const at = (minute: number) => new Date(START + minute * MINUTE_MS);
  const alert = await db.alert.create({
    data: {
      ...{ hostId, ruleId: 1, rule: "CPU busy", severity: "warning", seriesId: 1, series: "cpu.usage", labels: {} },
      ...{
        unit: "percent",
        rate: false,
        state: "resolved",
        summary: "CPU usage 97 %",
        value: 97,
        note: "",
        runbook: "",
      },
      ...{ startedAt: at(1), firedAt: at(2.5), endedAt: at(9) },
    },
  });
  const which = { hostId, alertId: alert.id, userId: ana };
  await db.alertEvent.create({ data: { ...which, at: at(4), kind: "acknowledged", text: "on it" } });
  const note = { kind: "deploy" as const, text: "Canary", service: "shop", version: "4.2.1" };
  await db.annotation.create({ data: { hostId, at: at(-6), ...note } });
  // A pipeline and the service itself may say the same.
  await db.annotation.create({ data: { hostId, at: at(-6), ...note } });
  await db.annotation.create({ data: { hostId, at: at(-90), kind: "note", text: "long ago" } });
  const entries = (await timeline()).entries.filter(({ kind, text }) => kind !== "act" || /alert/.test(text));
  assert.deepEqual(
    entries.map(({ kind, text, note: more }) => [kind, text, more]),
    [
      ["annotation", "Deploy of shop 4.2.1", "Canary"],
      ["first_mover", "CPU usage rose to 97.0 % (usually 20.0 to 35.0 %)", ""],
      ["follower", "Load, 5 min rose to 9.00 (usually 1.00)", ""],
      ["alert", "Alert: CPU usage 97 %", "CPU busy"],
      ["follower", "Memory usage rose to 97.0 % (usually 20.0 to 35.0 %)", ""],
      ["act", "acknowledged the alert CPU busy", "on it"],
      ["alert", "Alert over: CPU usage 97 %", "CPU busy"],
      ["calm", "All 3 are as usual again", ""],
    ],
  );
});

test("a part that cannot be read is named, and hides no other", async () => {
  await db.$executeRaw`ALTER TABLE annotation RENAME TO annotation_away`;
  try {
    const { entries, failed } = await timeline();
    assert.deepEqual(
      failed.map(({ part }) => part),
      ["deploys and notes"],
    );
    assert.ok(entries.some(({ kind }) => kind === "first_mover"));
    assert.ok(entries.some(({ kind }) => kind === "alert"));
  } finally {
    await db.$executeRaw`ALTER TABLE annotation_away RENAME TO annotation`;
  }
});

test("a post-mortem begins as a draft of what is known, and of two who save the same one the second loses nothing unseen", async () => {
  const at = START + 90 * DAY_MS;
  const id = await addIncident(db, hostId, at, MEMBERS);
  const acting = { hostId, incidentId: id, userId: await addPerson(db, "engineer", "Bo"), now: at + HOUR_MS };
  await addComment(db, acting, "*restarted* it");
  const { version, title, summary, timeline: lines, cause } = await readPostMortem(db, hostId, id, at + HOUR_MS);
  assert.deepEqual([version, title], [0, (await readIncident(db, hostId, id)).title]);
  assert.match(summary, /It began at 2026-05-31T00:00Z on web-1\. It was over at 2026-05-31T00:10Z, after 10 min\./);
  assert.match(lines, /^- 2026-05-31T00:00Z CPU usage rose to 97\.0 %/);
  assert.match(lines, /Bo said: \\\*restarted\\\* it/);
  assert.match(cause, /^Not known\. Looked at: /);
  const saved = await savePostMortem(db, acting, { ...TEXT, version: 0 });
  assert.deepEqual([saved.version, saved.updatedBy, saved.title], [1, "Bo", TEXT.title]);
  await assert.rejects(savePostMortem(db, acting, { ...TEXT, version: 0 }), /nothing was saved/);
  assert.equal((await savePostMortem(db, acting, { ...TEXT, version: 1 })).version, 2);
  await assert.rejects(savePostMortem(db, acting, { ...TEXT, version: 1 }), /nothing was saved/);
  await assert.rejects(savePostMortem(db, { ...acting, incidentId: 999 }, { ...TEXT, version: 0 }), /no incident/);
});

test("an incident with a post-mortem outlasts the others, until its post-mortem is removed", async () => {
  const other = await addIncident(db, hostId, START + 95 * DAY_MS, MEMBERS);
  const acting = { hostId, incidentId: other, userId: await addPerson(db, "admin"), now: START };
  await savePostMortem(db, acting, { ...TEXT, version: 0 });
  const kept = await listPostMortems(db, undefined);
  assert.equal(kept.length, 2);
  assert.ok(kept[0] && kept[1] && kept[0].startedAt >= kept[1].startedAt);
  await removeAnomaliesBefore(db, START + 365 * DAY_MS);
  assert.deepEqual(
    (await db.incident.findMany({ orderBy: { startedAt: "desc" } })).map(({ id }) => id),
    kept.map((each) => each.incidentId),
  );
  for (const each of kept) await removePostMortem(db, each.hostId, each.incidentId);
  await assert.rejects(removePostMortem(db, hostId, kept[0].incidentId), /no post-mortem/);
  await removeAnomaliesBefore(db, START + 365 * DAY_MS);
  assert.equal(await db.incident.count(), 0);
});

test("a post-mortem is a file of Markdown or HTML, and that it was taken is in the audit trail", async () => {
  const id = await addIncident(db, hostId, START, MEMBERS);
  const read = (format: string) =>
    callRoute({ method: "get", path: "/incidents/{id}/post-mortem/file" }, `?host=${hostId}&format=${format}`, {
      ...{ role: "viewer", id: String(id), headers: { "accept-language": "de-DE" } },
    });
  const markdown = await read("markdown");
  assert.equal(markdown.headers.get("content-disposition"), `attachment; filename="post-mortem-${id}.md"`);
  assert.match(await markdown.text(), /^# CPU usage of web-1 rose[\s\S]*\n- 2 Mar 2026, 00:00 CPU usage rose/);
  assert.match(await (await read("html")).text(), /<h2[^>]*>Timeline<\/h2>/);
  assert.equal((await read("docx")).status, 400);
  const [event] = await db.auditEvent.findMany({ where: { action: "export" }, orderBy: { id: "desc" }, take: 1 });
  assert.deepEqual([event?.subject, event?.email], [`post-mortem-${id}`, "viewer@example.org"]);
});

test("what was decided before this release stands in the timeline once for each time that somebody did", async () => {
  const { db: older, url: olderUrl } = await freshDatabase("template0");
  const dir = mkdtempSync(join(tmpdir(), "sightline-prisma-"));
  after(() => rmSync(dir, { recursive: true }));
  cpSync(PRISMA, dir, { recursive: true });
  for (const name of readdirSync(join(dir, "migrations")))
    if (/^\d/.test(name) && name >= "20261205300000") rmSync(join(dir, "migrations", name), { recursive: true });
  await migrate(olderUrl, dir);
  await older.$executeRaw`INSERT INTO host (machine_id, name, system) VALUES ('m', 'web-1', '{}')`;
  await older.$executeRaw`INSERT INTO incident (host_id, started_at, last_at) SELECT id, now(), now() FROM host`;
  for (const [series, status] of [
    ["cpu.usage", "open"],
    ["load.1m", "open"],
    ["load.5m", "resolved"],
  ])
    await older.$executeRawUnsafe(
      `INSERT INTO performance_anomaly (host_id, incident_id, series_id, metric, series, source, type, direction, severity, detected_at,
         last_at, score, evidence, confidence, value, expected, deviation, reason, status, status_at, note)
       SELECT host_id, id, 1, $1, $1, 'learned', 'spike', 'up', 'info', now() + random() * interval '1 s', now(), 1, 1, 1, 1, 1, 1, '', $2::anomaly_status,
         '2026-03-02T00:00:00Z', 'why' FROM incident`,
      series,
      status,
    );
  await migrate(olderUrl, PRISMA);
  const rows = await older.incidentEvent.findMany({ orderBy: { kind: "asc" } });
  assert.deepEqual(
    rows.map(({ kind, text, userId }) => [kind, text, userId]),
    [
      ["resolved", "why", null],
      ["reopened", "why", null],
    ],
  );
});
