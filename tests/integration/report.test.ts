import assert from "node:assert/strict";
import { before, test } from "node:test";
import { REPORT_TYPES } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import type { DomainError } from "#lib/errors.ts";
import { createReport, draftReport, isBuiltIn } from "#lib/reports/compose.ts";
import { diffReport, diffSections } from "#lib/reports/diff.ts";
import { listReports, readReport, reportTable } from "#lib/reports/library.ts";
import { optOutToken } from "#lib/reports/opt-out.ts";
import { createShare, listShares, readShared, revokeShare, shareToken } from "#lib/reports/share.ts";
import { removeTemplate, saveTemplate } from "#lib/reports/templates.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const START = Date.UTC(2026, 8, 7);
const [FROM, TO] = [START + 7 * DAY_MS, START + 14 * DAY_MS];

const USER = "0192b7a0-0000-7000-8000-000000000000";

let db: Database;
let url: string;
let hostId: number;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  url = fresh.url;
  hostId = await addHistory(fresh.url, "web-1", {
    series: [["cpu.usage"], ["disk.usage", { mount: "/var" }], ["postgres.response"]],
    from: START,
    to: TO,
    stepMs: MINUTE_MS,
    // Half as much again in the second week; an hour without samples on its third day; a disk that fills.
    valuesAt(at) {
      const silent = at >= FROM + 2 * DAY_MS && at < FROM + 2 * DAY_MS + 60 * MINUTE_MS;
      return silent ? [null, null, null] : [at < FROM ? 20 : 30, 60 + (at - START) / DAY_MS, 2];
    },
  });
});

test("a week's report compares with the week before, tells gaps, and foresees a full disk", async () => {
  const { sections } = await draftReport(db, { type: "full", hostIds: [hostId], from: FROM, to: TO }, { now: TO });
  const words = (title: string) => sections.find((section) => section.title.endsWith(title))?.words.join("; ") ?? "";
  assert.match(words("performance"), /CPU usage went from 20\.0 % to 30\.0 % \(\+50 %\)/);
  assert.match(
    words("availability"),
    /99\.405 % of the time.*60 min without samples; the objective allows 10 min: missed/,
  );
  assert.match(words("capacity"), /\/var is filling up: full 2026-10-1\dT\d\d:\d\dZ/);
  const performance = sections.find(({ title }) => title.endsWith("performance"));
  assert.ok(
    performance?.charts.every(({ lines }) => lines.every(({ points }) => points.length > 0 && points.length <= 240)),
  );
  assert.deepEqual(performance?.figures[0], {
    label: "CPU usage",
    value: 30,
    unit: "percent",
    rate: false,
    before: 20,
  });
});

test("several hosts are shown at a glance, those that need a look first, and one host is not", async () => {
  const other = await addHistory(url, "db-1", {
    series: [["cpu.usage"], ["disk.usage", { mount: "/" }]],
    from: START,
    to: TO,
    stepMs: MINUTE_MS,
    valuesAt: () => [90, 97],
  });
  const request = {
    type: "custom" as const,
    sectionNames: ["hosts" as const, "capacity" as const],
    from: FROM,
    to: TO,
  };
  const [fleet] = (await draftReport(db, request, { now: TO })).sections;
  assert.deepEqual(
    fleet?.table?.rows.map(([host, samples, cpu, before]) => [host, samples, cpu, before]),
    [
      ["db-1", "100.00 %", "90.0 %", "90.0 %"],
      ["web-1", "99.40 %", "30.0 %", "20.0 %"],
    ],
  );
  assert.match(fleet?.words.join() ?? "", /1 of 2 hosts.*Busiest CPU: db-1, 90\.0 %.*Fullest disk: db-1, 97\.0 %/);
  const { sections } = await draftReport(db, { ...request, hostIds: [other] }, { now: TO });
  assert.deepEqual(
    sections.map(({ title }) => title),
    ["db-1: capacity"],
  );
});

test("a template makes the same report anew, and its last one is what the next is held against", async () => {
  const user = await db.user.create({ data: { email: "ana@example.org", name: "Ana", passwordHash: "x" } });
  const plan = { name: "Monday", sectionNames: ["performance" as const], expressions: [], hostIds: [hostId], days: 7 };
  const template = await saveTemplate(db, plan, { id: user.id, role: "admin" });
  await assert.rejects(
    saveTemplate(db, { ...plan, days: 30 }, { id: user.id, role: "admin" }),
    /already: choose another name/,
  );
  assert.equal(
    (await saveTemplate(db, { id: template.id, ...plan, days: 8 }, { id: user.id, role: "admin" })).id,
    template.id,
  );
  await assert.rejects(
    saveTemplate(db, { id: 4_711, ...plan, name: "Other" }, { id: user.id, role: "admin" }),
    /no template 4711/,
  );
  const make = (from: number, to: number) =>
    createReport(
      db,
      { type: "custom", templateId: template.id, from, to },
      { userId: user.id, role: "viewer", now: to },
    );
  const first = await make(START, FROM);
  const second = await make(FROM, TO);
  assert.equal((await readReport(db, first, false)).title, "Monday");
  assert.equal((await diffReport(db, { id: first, mayReadAudit: false })).against, null);
  const { against, sections } = await diffReport(db, { id: second, mayReadAudit: false });
  assert.equal(against?.id, first);
  const cpu = sections[0]?.figures.find(({ label }) => label === "CPU usage");
  assert.deepEqual([sections[0]?.diffState, cpu?.before, cpu?.after], ["changed", 20, 30]);
  assert.ok(sections[0]?.words.added.some((text) => /\+50 %/.test(text)));
  // As 0.1.0 stored it: figures named by their selectors.
  const selectors = (await readReport(db, first, false)).sections.map((section) => ({
    ...section,
    figures: section.figures.map((figure) => ({ ...figure, label: figure.label.replace("CPU usage", "cpu.usage") })),
  }));
  const older = diffSections(selectors, (await readReport(db, second, false)).sections)[0];
  assert.deepEqual(older?.figures, sections[0]?.figures);
  assert.deepEqual(diffSections([], (await readReport(db, first, false)).sections)[0]?.diffState, "added");
  const { sections: same } = await diffReport(db, { id: second, against: second, mayReadAudit: false });
  assert.deepEqual([same[0]?.diffState, same[0]?.figures], ["same", []]);
  await removeTemplate(db, template.id, { id: "", role: "admin" });
  assert.equal((await readReport(db, second, false)).templateId, null);
});

test("the audit trail is in no report of who may not read it, and a report needs a section", async () => {
  const request = { type: "custom" as const, sectionNames: ["audit" as const], from: FROM, to: TO };
  await assert.rejects(draftReport(db, request, { role: "analyst", now: TO }), /needs one of the roles admin/);
  const id = await createReport(db, request, { userId: null, role: "admin", now: TO });
  await assert.rejects(readReport(db, id, false), /There is no report/);
  assert.ok(!(await listReports(db, false)).some((report) => report.id === id));
  await assert.rejects(draftReport(db, { ...request, sectionNames: [] }, { now: TO }), /at least one section/);
  await assert.rejects(draftReport(db, { ...request, templateId: 999 }, { now: TO }), /There is no template 999/);
});

test("expressions are sections of a report and of a template; one that fails costs no other, and one that cannot be read is refused", async () => {
  const user = await db.user.create({ data: { email: "bo@example.org", name: "Bo", passwordHash: "x" } });
  const author = { id: user.id, role: "admin" as const };
  const expression = (title: string, query: string, unit = "percent") => ({ title, query, unit, rate: false });
  const expressions = [
    expression("Busy", "avg by (host) (cpu_usage)"),
    expression("Everything twice", "cpu_usage * on (nothing) group_left cpu_usage"),
    expression("Nothing", "no_such_metric", "count"),
    expression("Level", "vector(42)", "count"),
  ];
  const plan = { name: "By expression", sectionNames: [], expressions, hostIds: [hostId], days: 7 };
  const { id: templateId } = await saveTemplate(db, plan, author);
  const id = await createReport(
    db,
    { type: "custom", templateId, from: FROM, to: TO },
    { userId: user.id, role: "viewer", now: TO },
  );
  const { sections } = await readReport(db, id, false);
  assert.deepEqual(
    sections.map(({ title }) => title),
    expressions.map(({ title }) => title),
  );
  const [busy, , nothing, level] = sections;
  const [figure] = busy?.figures ?? [];
  assert.ok(Math.abs((figure?.value ?? 0) - 30) < 0.5 && Math.abs((figure?.before ?? 0) - 20) < 0.5, String(figure));
  assert.match(busy?.words[0] ?? "", /went from 20.*to 30/);
  assert.deepEqual(
    busy?.charts.map(({ unit, lines }) => [unit, lines.length]),
    [["percent", 1]],
  );
  assert.match(nothing?.words[0] ?? "", /No samples in the period for no_such_metric/);
  assert.deepEqual(level?.figures, [{ label: "value", value: 42, unit: "count", rate: false, before: 42 }]);
  for (const [query, problem] of [
    ["rate(cpu_usage", /parse error/],
    ["cpu_usage[5m]", /range vector/],
  ] as const) {
    const saving = saveTemplate(
      db,
      { ...plan, name: "Other", expressions: [expression("A", "up"), expression("B", query)] },
      author,
    );
    await assert.rejects(saving, (error: DomainError) => {
      assert.equal(error.fields?.[0]?.field, "expressions.1.query");
      return problem.test(error.message);
    });
  }
  const twins = saveTemplate(
    db,
    { ...plan, name: "Other", expressions: [expression("A", "up"), expression("A", "up")] },
    author,
  );
  await assert.rejects(twins, /another expression has this title/);
  await assert.rejects(saveTemplate(db, { ...plan, name: "Other", expressions: [] }, author), /add an expression/);
});

test("a shared link opens its one report until it expires", async () => {
  const id = await createReport(db, { type: "capacity", from: FROM, to: TO }, { userId: null, now: TO });
  const token = shareToken(id, TO + DAY_MS, "secret");
  assert.equal((await readShared(db, token, "secret", TO)).id, id);
  await assert.rejects(readShared(db, token, "secret", TO + DAY_MS), /expired/);
  await assert.rejects(readShared(db, token, "another", TO), /expired, was taken back or is incomplete/);
  const share = await createShare(db, id, new Date(TO + DAY_MS), USER);
  assert.equal((await readShared(db, share.token, "secret", TO)).id, id);
  await assert.rejects(readShared(db, share.token, "secret", TO + DAY_MS), /expired/);
  assert.doesNotMatch(JSON.stringify(await db.reportShare.findMany()), new RegExp(share.token));
  const [link] = await listShares(db, id, TO);
  const analyst = { role: "analyst" as const };
  await assert.rejects(revokeShare(db, link?.id ?? "", { id: "another", ...analyst }), /another's/);
  await revokeShare(db, link?.id ?? "", { id: USER, ...analyst });
  await assert.rejects(readShared(db, share.token, "secret", TO), /taken back/);
  assert.deepEqual(await listShares(db, id, TO), []);
  await assert.rejects(readShared(db, optOutToken(id, "a@b.c", "secret"), "secret", TO), /incomplete/);
});

test("a host that came within the period is not blamed for the time before", async () => {
  const request = { type: "availability" as const, hostIds: [hostId], from: START - 30 * DAY_MS, to: FROM };
  const [section] = (await draftReport(db, request, { now: TO })).sections;
  assert.match(section?.words.join() ?? "", /Available 100\.000 % of the time/);
});

test("every type of report is made, is kept as it was, and comes as rows too", async () => {
  for (const type of REPORT_TYPES.filter(isBuiltIn)) {
    const id = await createReport(db, { type, from: FROM, to: TO }, { userId: null, now: TO });
    const report = await readReport(db, id, true);
    assert.equal(report.type, type);
    assert.ok(report.sections.length > 0 && report.insights.length === report.sections.length, type);
    let rows = 0;
    for await (const batch of reportTable(report).rows) rows += batch.length;
    assert.ok(rows > 0, type);
    if (type === "audit") await assert.rejects(readReport(db, id, false), /There is no report/);
  }
  await assert.rejects(
    draftReport(db, { type: "capacity", hostIds: [999], from: FROM, to: TO }, { now: TO }),
    /There is no host 999/,
  );
});
