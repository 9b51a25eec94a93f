import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { evaluateExpressions } from "#lib/alerts/evaluate-expressions.ts";
import { compileRule, type ExpressionRule, isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { importPrometheusRules } from "#lib/alerts/import-prometheus.ts";
import { ExpressionReplay } from "#lib/alerts/replay-expression.ts";
import { type AlertRule, listRules } from "#lib/alerts/rules.ts";
import type { Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryRange } from "#lib/promql/engine.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";
import { type ExpectedAlerts, hasPromtool, promtoolDifferences } from "../support/promtool.ts";
import { type MadeSeries, makeRuleSamples } from "../support/rule-samples.ts";

/** Public rules to try the import on, where there are any. */
const FOLDER = "/work/shared/prometheus-rules";
const HOSTS = ["web-1", "web-2", "db-1"];
const STEP_MS = 30 * SECOND_MS;
/** Prometheus' own tests begin in 1970. */
const FROM = 0;

const NO_PROMTOOL = hasPromtool() ? false : "Debian's promtool is not installed: apt-get install prometheus";
const NO_FOLDER = existsSync(FOLDER) ? NO_PROMTOOL : `${FOLDER} is not there: the rules of this file are tried only`;

const OWN_RULES = `groups:
  - name: shop
    interval: 1m
    rules:
      - alert: QueueTooLong
        expr: sum by (host, instance) (shop_queue) > 40
        for: 3m
        labels: {severity: page, team: shop, "size": '{{ if gt $value 100.0 }}large{{ else }}small{{ end }}'}
        annotations:
          summary: "Queue of {{ $labels.instance }}: {{ $value | humanize }}"
          description: |
            VALUE = {{ $value }}, {{ printf "%.2f" $value }}, {{ humanize1024 $value }}, {{ $value | humanizeDuration }}
            LABELS = {{ $labels }} {{ .Labels.host | toUpper }} {{ reReplaceAll "web-(.*)" "host $1" $labels.host }}
      - alert: ErrorsHigh
        expr: rate(shop_errors_total[5m]) / rate(shop_requests_total[5m]) > 0.05
        for: 2m
        keep_firing_for: 7m
        labels: {severity: critical}
        annotations: {summary: '{{ $value | humanizePercentage }} of {{ $labels.instance | stripPort }}'}
      - alert: ErrorsOften
        expr: rate(shop_errors_total[5m]) / rate(shop_requests_total[5m]) > 0.02
        keep_firing_for: 5m
        labels: {severity: info}
        annotations: {summary: '{{ $value | humanizePercentage }} of {{ $labels.instance | stripPort }}{{- /* nothing */ -}}!'}
      - alert: DiskFull
        expr: predict_linear(shop_disk_free[30m], 3600) < 0 and shop_disk_free > 0
        for: 5m
        labels: {severity: warning}
        annotations: {summary: '{{ if eq $labels.host "db-1" }}Database{{ else if match "^web" $labels.host }}Web{{ end }} disk, {{ $value | humanize }}'}
      - record: shop:errors:rate5m
        expr: rate(shop_errors_total[5m])
      - alert: Nothing
        expr: absent(shop_nothing{kind="a"})
        for: 10m
        labels: {severity: none}
      - alert: Scalar
        expr: scalar(sum(shop_queue) > bool 90) > bool 0
        annotations: {summary: "{{ $value }}"}
`;

type Rule = AlertRule & ExpressionRule;
type Tried = { db: Database; files: string[]; made: MadeSeries[]; rules: Rule[]; hours: number };

const dir = mkdtempSync(join(tmpdir(), "sightline-rules-"));
after(() => rmSync(dir, { recursive: true, force: true }));

/** Imports rule files, and stores samples for them on some hosts. */
async function prepare(files: string[], { hours, seed }: { hours: number; seed: number }): Promise<Tried> {
  const { db, url } = await freshDatabase();
  await db.alertRule.deleteMany();
  const contents = files.map((name) => ({ name, content: readFileSync(name, "utf8") }));
  await importPrometheusRules(db, contents, { userId: null, dryRun: false });
  const rules = (await listRules(db)).filter(isExpressionRule);
  const to = FROM + hours * HOUR_MS;
  const needs = rules.map(({ condition, forMs }) => ({ expr: condition.expr, forMs }));
  const made = makeRuleSamples(needs, HOSTS, { from: FROM, to, stepMs: STEP_MS, seed });
  for (const host of HOSTS) {
    const own = made.filter((series) => series.host === host);
    const series = own.map(({ metric, labels }): [string, Record<string, string>] => [metric, labels]);
    const valuesAt = (_: number, n: number) => own.map(({ values }) => values[n] ?? null);
    await addHistory(url, host, { series, from: FROM, to, stepMs: STEP_MS, valuesAt });
  }
  return { db, files, made, rules, hours };
}

/** What the rules' alerts were by the portal's own store, evaluation and states, each ten minutes, and how many of each rule began and ended. */
async function replayAll({ db, rules, hours }: Tried) {
  const span = { fromMs: FROM, toMs: FROM + hours * HOUR_MS - MINUTE_MS, stepMs: MINUTE_MS };
  const hosts = await readableHosts(db);
  const expected = new Map<number, ExpectedAlerts>();
  const counts = new Map(rules.map(({ name }) => [name, { begun: 0, ended: 0 }]));
  for (let at = 0; at <= span.toMs; at += 10 * MINUTE_MS)
    expected.set(at, { at, firing: new Map(rules.map(({ name }) => [name, []])), all: [] });
  for (const rule of rules) {
    const compiled = compileRule(rule);
    const replay = new ExpressionReplay(compiled, rule);
    let before = new Set<string>();
    for (const { at, alerts } of replay.step(
      await queryRange(new StoreReader(db, hosts), compiled.expression, span),
      span,
    )) {
      const firing = new Set([...alerts].filter(([, { memory }]) => memory.state === "firing").map(([key]) => key));
      const count = counts.get(rule.name) as { begun: number; ended: number };
      count.begun += [...firing].filter((key) => !before.has(key)).length;
      count.ended += [...before].filter((key) => !firing.has(key)).length;
      before = firing;
      for (const { element, memory } of alerts.values()) {
        const labels = element.labels.toRecord();
        const state = memory.state as "pending" | "firing";
        expected.get(at)?.all.push({ labels, state });
        const { alertname: _, ...exp_labels } = labels;
        if (state === "firing")
          expected.get(at)?.firing.get(rule.name)?.push({ exp_labels, exp_annotations: element.annotate() });
      }
    }
  }
  return { expected: [...expected.values()], counts };
}

const both = (count: { begun: number; ended: number }): boolean => count.begun > 0 && count.ended > 0;

test("of the shared rules all but a few are taken over, and judged as Debian's Prometheus judges them", {
  skip: NO_FOLDER,
}, async (t) => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yml"));
  const tried = await prepare(
    files.map((name) => join(FOLDER, name)),
    { hours: 7, seed: 2 },
  );
  assert.ok(tried.rules.length >= 115, `${tried.rules.length} rules were taken over`);
  const { expected, counts } = await replayAll(tried);
  const fired = [...counts.values()].filter(both).length;
  assert.ok(fired >= 100, `${fired} rules fire and recover`);
  assert.equal(promtoolDifferences(tried.files, tried.made, { stepMs: STEP_MS, expected }), "");
  const firing = expected.flatMap(({ all }) => all).length;
  t.diagnostic(
    `${tried.rules.length} rules, of which ${fired} fire and recover; ${firing} alerts at ${expected.length} instants are equal`,
  );
});

/** An alert of the store as Prometheus' ALERTS has it. */
const lineOf = (labels: Record<string, string>, state: string, annotations: Record<string, string>): string =>
  JSON.stringify([state, Object.entries(labels).sort(), state === "firing" ? Object.entries(annotations).sort() : []]);

test("rules of every kind are judged minute by minute as Debian's Prometheus judges them", {
  skip: NO_PROMTOOL,
}, async () => {
  const file = join(dir, "shop.yml");
  writeFileSync(file, OWN_RULES);
  const tried = await prepare([file], { hours: 4, seed: 5 });
  const { expected, counts } = await replayAll(tried);
  assert.deepEqual(
    [...counts].filter(([, count]) => !both(count)).map(([name]) => name),
    ["Nothing", "Scalar"],
    "all others fire and recover",
  );
  assert.equal(promtoolDifferences(tried.files, tried.made, { stepMs: STEP_MS, expected }), "");
  const names = new Map((await readableHosts(tried.db)).map(({ id, name }) => [id, name]));
  for (let at = FROM; at <= FROM + HOUR_MS; at += MINUTE_MS) {
    await evaluateExpressions(tried.db, at, { resumedAt: FROM - HOUR_MS });
    const wanted = expected.find((each) => each.at === at);
    if (!wanted) continue;
    const alerts = await tried.db.alert.findMany({ where: { endedAt: null } });
    const stored = alerts.map(({ hostId, labels, state, annotations, expr }) => {
      const own = labels as Record<string, string>;
      // What names its host bears that name in Prometheus.
      const named = /by \(host|rate|predict/.test(expr) ? { ...own, host: names.get(hostId) ?? "" } : own;
      return lineOf(named, state, annotations as Record<string, string>);
    });
    const texts = new Map(
      [...wanted.firing].flatMap(([alertname, all]) =>
        all.map((each) => [lineOf({ ...each.exp_labels, alertname }, "", {}), each.exp_annotations] as const),
      ),
    );
    const lines = wanted.all.map(({ labels, state }) => lineOf(labels, state, texts.get(lineOf(labels, "", {})) ?? {}));
    assert.deepEqual(stored.sort(), lines.sort(), `after ${at / MINUTE_MS} minutes`);
  }
});
