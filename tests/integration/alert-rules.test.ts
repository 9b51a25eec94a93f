import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { readHeartbeat, reportHeartbeat } from "#lib/alerts/heartbeats.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import { applyRules, exportRules } from "#lib/alerts/rule-files.ts";
import { createRule, listRules } from "#lib/alerts/rules.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import type { Database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const START = Date.UTC(2026, 2, 2);
const END = START + 4 * DAY_MS;

let db: Database;
let hostId: number;

before(async () => {
  process.env.NEXTAUTH_SECRET = "a secret of the tests, long enough";
  const fresh = await freshDatabase();
  db = fresh.db;
  hostId = await addHistory(fresh.url, "db-1", {
    ...{ series: [["disk.usage", { mount: "/" }], ["app.up"], ["cpu.usage"]], from: START, to: END, stepMs: MINUTE_MS },
    // The disk grows by 6 % a day; the application is down in the last quarter of an hour.
    valuesAt: (at) => [70 + (6 * (at - START)) / DAY_MS, END - at < 15 * MINUTE_MS ? 0 : 1, 99],
  });
});

const none = { prune: true, dryRun: false, userId: null };
const firing = async () =>
  (await listAlerts(db, { from: 0, to: END + DAY_MS, limit: 100, states: ["firing"] })).map(({ rule, summary }) => [
    rule,
    summary,
  ]);

test("a fresh portal has rules for what its limits were, each with a note that says why its level is what it is", async () => {
  const rules = await listRules(db);
  const levels = rules.flatMap(({ series, condition }) =>
    condition.kind === "threshold" ? [[series, condition.level]] : [],
  );
  for (const [series, level] of [
    ["cpu.usage", 80],
    ["memory.usage", 85],
    ["disk.usage", 90],
    ["postgres.response", 2_000],
  ])
    assert.ok(
      levels.some(([name, at]) => name === series && at === level),
      String(series),
    );
  assert.ok(rules.every(({ note }) => note.length > 40));
});

test("rules go out as YAML and come back the same; a plan changes nothing, and a change names its fields", async () => {
  const text = await exportRules(db);
  assert.match(text, /for: 15m/);
  assert.doesNotMatch(text, /_ms/);
  const again = await applyRules(db, text, none);
  assert.ok(again.length > 5 && again.every(({ action }) => action === "keep"), JSON.stringify(again));
  const changed = text.replace("level: 80", "level: 82");
  const planned = await applyRules(db, changed, { ...none, dryRun: true });
  assert.deepEqual(
    planned.filter(({ action }) => action !== "keep"),
    [{ name: "CPU usage high", action: "change", fields: ["condition"] }],
  );
  assert.equal(await exportRules(db), text, "a plan changes nothing");
  await applyRules(db, changed, none);
  assert.equal(await exportRules(db), changed);
});

test("a file with mistakes applies nothing and names each of them", async () => {
  const before = await exportRules(db);
  const text = `version: 1
rules:
  - {name: A, series: cpu.usage, condition: {kind: threshold, operator: ">", level: 5}}
  - {name: B, series: cpu.usage, for: soon, condition: {kind: absence}}
  - {name: C, series: cpu.usage, hosts: [nowhere], condition: {kind: absence}}
  - {name: D, series: cpu.usage, condition: {kind: threshold, operator: ">", level: 5, resolve_level: 9}}
  - {name: E, colour: red, condition: {kind: absence}}
  - 7`;
  const fieldsOf = (yaml: string) =>
    applyRules(db, yaml, none).then(
      () => assert.fail("it was applied"),
      (error: unknown) => {
        assert.ok(isDomainError(error) && error.type === "validation", String(error));
        return error.fields.map(({ field }) => field);
      },
    );
  const fields = await fieldsOf(text);
  assert.deepEqual(
    ["rules.1.for_ms", "rules.2.hosts", "rules.5"].filter((field) => !fields.includes(field)),
    [],
    fields.join(),
  );
  assert.ok(fields.some((field) => field.startsWith("rules.4")));
  const good = text
    .split("\n")
    .filter((line) => !/name: [BCE]|- 7/.test(line))
    .join("\n");
  assert.deepEqual(await fieldsOf(good), ["rules.1.condition.resolve_level"]);
  for (const yaml of ["", "rules: [", "version: 2\nrules: []", "a: &a [*a]", "- 1"])
    assert.ok((await fieldsOf(yaml)).length > 0, yaml);
  assert.equal(await exportRules(db), before);
});

test("a disk that will be full, a budget that burns and conditions that hold together fire, and say so", async () => {
  await db.alertRule.deleteMany();
  const add = (name: string, series: string, condition: object) =>
    createRule(db, ruleSchema.parse({ name, series, condition }), null);
  await add("Full", "disk.usage", { kind: "forecast", level: 100, withinMs: 3 * DAY_MS });
  await add("Not so soon", "disk.usage", { kind: "forecast", level: 100, withinMs: 12 * HOUR_MS });
  await add("SLO", "app.up", { kind: "burn_rate", objective: 0.99, bad: { operator: "<", level: 1 } });
  await add("Busy and full", "cpu.usage", {
    ...{ kind: "composite", operator: "all" },
    parts: [
      { series: "cpu.usage", condition: { kind: "threshold", operator: ">", level: 90 } },
      { series: "disk.usage", not: true, condition: { kind: "threshold", operator: "<", level: 80 } },
    ],
  });
  await evaluateAlerts(db, END);
  assert.deepEqual((await firing()).sort(), [
    ["Busy and full", "CPU usage 99.0 %; all 2 conditions of the rule hold"],
    ["Full", "Disk usage, / is 100 % likely to be at or above 100 % within 3 days"],
    ["SLO", "app.up burns its error budget 24 times as fast as 99 % allows"],
  ]);
});

test("a job that reports too late or says that it failed fires, and is over with its next report", async () => {
  await db.alertRule.deleteMany();
  const input = (condition: object, hostIds = [hostId]) =>
    ruleSchema.parse({ name: "Backup", hostIds, condition: { kind: "heartbeat", ...condition } });
  const rule = await createRule(db, input({ everyMs: HOUR_MS, graceMs: 5 * MINUTE_MS }), null);
  const { url, lastAt } = await readHeartbeat(db, rule.id);
  const token = url.slice(url.lastIndexOf("/") + 1);
  const at = (minutes: number) => lastAt.getTime() + minutes * MINUTE_MS;
  const states = async (minutes: number) =>
    (await evaluateAlerts(db, at(minutes))).transitions.map(({ state }) => state);
  await db.alert.deleteMany();
  await db.alertInstance.deleteMany();
  assert.deepEqual(await states(64), []);
  assert.deepEqual(await states(66), ["firing"]);
  assert.match(
    (await firing())[0]?.[1] ?? "",
    /The job Backup has not reported in time; the last report was 66 min before/,
  );
  await reportHeartbeat(db, token, { failed: false, note: "", now: at(67) });
  assert.deepEqual(await states(67), ["resolved"]);
  await reportHeartbeat(db, token, { failed: true, note: "disk full\0", now: at(68) });
  assert.deepEqual(await states(68), ["firing"]);
  await assert.rejects(reportHeartbeat(db, `${token}x`, { failed: false, note: "", now: at(69) }), /No rule waits/);
  for (const [condition, hosts, field] of [
    [{}, undefined, "condition.every_ms"],
    [{ cron: "61 * * * *" }, undefined, "condition.cron"],
    [{ everyMs: HOUR_MS }, [], "host_ids"],
  ] as const)
    await assert.rejects(
      createRule(db, input(condition, hosts as number[] | undefined), null),
      (error: unknown) => isDomainError(error) && error.fields[0]?.field === field,
    );
});

test("what is missing because the portal was away is no alert until it has been back for a minute", async () => {
  await db.alertRule.deleteMany();
  await db.alertInstance.deleteMany();
  await createRule(db, ruleSchema.parse({ name: "Down", series: "cpu.usage", condition: { kind: "absence" } }), null);
  const resumedAt = END + HOUR_MS;
  const states = async (seconds: number) =>
    (await evaluateAlerts(db, resumedAt + seconds * 1_000, { resumedAt })).transitions.map(({ state }) => state);
  await states(1);
  assert.deepEqual([await states(5), await states(59)], [[], []]);
  assert.deepEqual(await states(61), ["firing"]);
});
