import assert from "node:assert/strict";
import { before, test } from "node:test";
import { parse } from "yaml";
import { exportPrometheusRules } from "#lib/alerts/export-prometheus.ts";
import { importPrometheusRules } from "#lib/alerts/import-prometheus.ts";
import { applyRules, exportRules } from "#lib/alerts/rule-files.ts";
import { listRules, replaceRule } from "#lib/alerts/rules.ts";
import type { Database } from "#lib/db/client.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";

let db: Database;

before(async () => {
  ({ db } = await freshDatabase());
  await db.alertRule.deleteMany();
});

const FILE = `groups:
  - name: shop
    interval: 5s
    partial_response_strategy: warn
    rules:
      - alert: Down
        expr: up == 0
        for: 1h30m
        labels: {severity: page, for: "data"}
        annotations: {summary: "{{ $labels.instance }} is down", every: "data"}
      - alert: Down
        expr: up{job="db"} == 0
        labels: {severity: 1}
      - alert: Down
        expr: up{job="db"} == 0
        labels: {severity: 1}
      - record: job:up:sum
        expr: sum by (job) (up)
      - alert: Broken
        expr: sum(up
      - alert: Histogram
        expr: histogram_count(x) > 1
      - alert: Query
        expr: up
        annotations: {summary: '{{ query "up" }}'}
      - alert: Long
        expr: up
        for: 1y
      - expr: up
`;

const run = (content: string, dryRun = false, name = "shop.yml") =>
  importPrometheusRules(db, [{ name, content }], { userId: null, dryRun });

const lines = (rules: Awaited<ReturnType<typeof run>>) =>
  rules.map(({ name, action, fields, reason }) => [action, name, ...fields, ...(reason ? [reason] : [])].join(" | "));

test("a rule with characters that cannot be stored is refused by name, and the others are taken over", async () => {
  const named = (alert: string, more = "") => `      - {alert: "${alert}", expr: up${more}}\n`;
  const rules = [
    named("GoodA"),
    named("a\\0b"),
    named("Half\\uD800"),
    named("Note", ', annotations: {summary: "x\\0"}'),
    named("Mark", ', labels: {team: "\\uDC00"}'),
    named("GoodB"),
  ];
  const read = await run(`groups:\n  - name: odd\n    rules:\n${rules.join("")}`, false, "odd.yml");
  assert.deepEqual(
    read.map(({ action, reason }) => `${action} ${reason?.replace(/ has .*/, "") ?? ""}`.trim()),
    ["create", "refuse alert", "refuse alert", "refuse annotations.summary", "refuse labels.team", "create"],
  );
  await db.alertRule.deleteMany();
});

test("each rule of a file is taken over, or refused with its reason, and a dry run stores nothing", async () => {
  const planned = await run(FILE, true);
  assert.equal(await db.alertRule.count(), 0);
  assert.deepEqual(lines(planned), [
    "create | Down",
    "create | Down (shop)",
    "refuse | Down | The same rule stands before, in shop.yml",
    "refuse | job:up:sum | A recording rule: write its expression into the rules that use it",
    "refuse | Broken | expr: 1:7: parse error: unclosed left parenthesis",
    "refuse | Histogram | expr: 1:1: parse error: histogram_count() reads native histograms, which Sightline stores as classic ones: use _bucket (le), _count and _sum",
    "refuse | Query | annotations.summary: the function query is not supported in templates",
    'refuse | Long | for is longer than 24d: "1y"',
    "refuse |  | It has no alert",
  ]);
  assert.deepEqual(planned[0]?.changes, [
    "the group's partial_response_strategy is left out",
    'severity "page" counts as critical',
    "evaluated every 10 s instead of 5 s",
  ]);
  assert.deepEqual(await run(FILE), planned);
  const [first, second] = await listRules(db);
  assert.deepEqual(
    [first?.severity, first?.labels, first?.forMs, first?.noData],
    ["critical", { severity: "page", for: "data" }, 90 * MINUTE_MS, "ok"],
  );
  assert.deepEqual([second?.name, second?.severity], ["Down (shop)", "warning"]);
});

test("the same file again changes nothing, and a changed one only what it says", async () => {
  const again = await run(FILE);
  assert.deepEqual(lines(again).slice(0, 2), ["keep | Down", "keep | Down (shop)"]);
  const [rule] = await listRules(db);
  const { id, updatedAt: _, problem: __, ...input } = rule as NonNullable<typeof rule>;
  await replaceRule(db, id, { ...input, enabled: false, note: "Ours", onError: "firing" });
  const changed = await run(FILE.replace("for: 1h30m", "for: 2h").replace("is down", "is gone"));
  assert.deepEqual(lines(changed).slice(0, 2), ["change | Down | for | annotations", "keep | Down (shop)"]);
  const [after] = await listRules(db);
  assert.deepEqual(
    [after?.id, after?.forMs, after?.enabled, after?.note, after?.onError],
    [id, 120 * MINUTE_MS, false, "Ours", "firing"],
  );
});

test("what is no rule file says so, and stops no other file", async () => {
  const files = [
    { name: "a.yml", content: "groups: [" },
    { name: "b.yml", content: "" },
    { name: "c.yml", content: "a: &a [*a]" },
    { name: "d.yml", content: "groups:\n  - rules: []\n  - name: empty\n  - 3\n" },
    {
      name: "k8s.yml",
      content:
        "kind: PrometheusRule\nspec:\n  groups:\n    - name: k\n      rules:\n        - {alert: K, expr: vector(1)}\n",
    },
  ];
  const rules = await importPrometheusRules(db, files, { userId: null, dryRun: true });
  assert.deepEqual(
    rules.map(({ file, action }) => `${file} ${action}`),
    ["a.yml refuse", "b.yml refuse", "c.yml refuse", "d.yml refuse", "k8s.yml create"],
  );
  assert.match(rules[0]?.reason ?? "", /It is no YAML/);
});

test("two imports at once of the same file make its rules once", async () => {
  const content = FILE.replaceAll("shop", "twice").replaceAll("Down", "Twice");
  await Promise.all([run(content), run(content)]);
  assert.equal(await db.alertRule.count({ where: { name: { startsWith: "Twice" } } }), 2);
});

test("expression rules go out as a rule file of Prometheus, and out and in as the portal's own", async () => {
  await db.alertRule.updateMany({ data: { enabled: true } });
  const { groups } = parse(await exportPrometheusRules(db)) as {
    groups: { name: string; interval: string; rules: unknown[] }[];
  };
  assert.deepEqual(
    groups.map(({ name, interval, rules }) => [name, interval, rules.length]),
    [
      ["shop", "10s", 2],
      ["twice", "10s", 2],
    ],
  );
  assert.deepEqual(groups[0]?.rules[0], {
    ...{ alert: "Down", expr: "up == 0", for: "2h", labels: { severity: "page", for: "data" } },
    annotations: { description: "Ours", summary: "{{ $labels.instance }} is gone", every: "data" },
  });
  const changes = await applyRules(db, await exportRules(db), { prune: false, dryRun: true, userId: null });
  assert.ok(
    changes.every(({ action }) => action === "keep"),
    JSON.stringify(changes),
  );
});
