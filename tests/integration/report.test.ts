import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Database } from "#lib/db/client.ts";
import { optOutToken } from "#lib/notify/opt-out.ts";
import { composeReport, makeReport, REPORT_TYPES } from "#lib/report/compose.ts";
import { readReport, reportTable } from "#lib/report/library.ts";
import { readShared, shareToken } from "#lib/report/share.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 8, 7);
const [FROM, TO] = [START + 7 * DAY, START + 14 * DAY];

let db: Database;
let hostId: number;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  hostId = await addHistory(fresh.url, "web-1", {
    series: [["cpu.usage"], ["disk.usage", { mount: "/var" }], ["postgres.response"]],
    from: START,
    to: TO,
    stepMs: MINUTE,
    // Half as much again in the second week; an hour without samples on its third day; a disk that fills.
    valuesAt(at) {
      const silent = at >= FROM + 2 * DAY && at < FROM + 2 * DAY + 60 * MINUTE;
      return silent ? [null, null, null] : [at < FROM ? 20 : 30, 60 + (at - START) / DAY, 2];
    },
  });
});

test("a week's report compares with the week before, tells gaps, and foresees a full disk", async () => {
  const sections = await composeReport(db, { type: "full", hostIds: [hostId], from: FROM, to: TO });
  const words = (title: string) => sections.find((one) => one.title.endsWith(title))?.words.join("; ") ?? "";
  assert.match(words("performance"), /cpu\.usage went from 20\.0 % to 30\.0 % \(\+50 %\)/);
  assert.match(
    words("availability"),
    /99\.405 % of the time.*60 min were missing of the 10 min that the objective leaves: it is missed/,
  );
  assert.match(words("capacity"), /\/var: disk, full 1\d Oct 2026/);
  const performance = sections.find(({ title }) => title.endsWith("performance"));
  assert.ok(
    performance?.charts.every(({ lines }) => lines.every(({ points }) => points.length > 0 && points.length <= 240)),
  );
  assert.deepEqual(performance?.figures[0], {
    label: "cpu.usage",
    value: 30,
    unit: "percent",
    rate: false,
    before: 20,
  });
});

test("a shared link opens its one report until it expires", async () => {
  const id = await makeReport(db, { type: "capacity", from: FROM, to: TO }, { userId: null, now: TO });
  const token = shareToken(id, TO + DAY, "secret");
  assert.equal((await readShared(db, token, "secret", TO)).id, id);
  await assert.rejects(readShared(db, token, "secret", TO + DAY), /expired/);
  await assert.rejects(readShared(db, token, "another", TO), /expired, or is not whole/);
  await assert.rejects(readShared(db, optOutToken(id, "a@b.c", "secret"), "secret", TO), /not whole/);
});

test("a host that came within the period is not blamed for the time before", async () => {
  const [section] = await composeReport(db, {
    type: "availability",
    hostIds: [hostId],
    from: START - 30 * DAY,
    to: FROM,
  });
  assert.match(section?.words.join() ?? "", /Samples came in 100\.000 %/);
});

test("every type of report is made, is kept as it was, and comes as rows too", async () => {
  for (const type of REPORT_TYPES) {
    const id = await makeReport(db, { type, from: FROM, to: TO }, { userId: null, now: TO });
    const report = await readReport(db, id, true);
    assert.equal(report.type, type);
    assert.ok(report.sections.length > 0 && report.insights.length === report.sections.length, type);
    let rows = 0;
    for await (const row of reportTable(report).rows) rows += row.length > 0 ? 1 : 0;
    assert.ok(rows > 0, type);
    if (type === "audit") await assert.rejects(readReport(db, id, false), /There is no report/);
  }
  await assert.rejects(
    composeReport(db, { type: "capacity", hostIds: [999], from: FROM, to: TO }),
    /There is no host 999/,
  );
});
