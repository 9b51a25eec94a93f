import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { evaluateExpressions, removeOldElements } from "#lib/alerts/evaluate-expressions.ts";
import { explainAlert } from "#lib/alerts/explain-alert.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import { moveAlerts } from "#lib/alerts/move-alerts.ts";
import { chartExpression } from "#lib/alerts/preview-expression.ts";
import { createRule, listRules, replaceRule } from "#lib/alerts/rules.ts";
import { activeSilences, createSilence, matchedLabels } from "#lib/alerts/silences.ts";
import { checkRule, testRule } from "#lib/alerts/test-rule.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import type { Database } from "#lib/db/client.ts";
import { updateHost } from "#lib/hosts/update-host.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

const START = Date.UTC(2026, 2, 2);
const LENGTH = 60;
let db: Database;
let url: string;
const hosts: Record<string, number> = {};

/** Minutes 10 to 20 on web-1, 15 to 40 on web-2; web-3 ends at minute 30. */
const SPANS: Record<string, [number, number]> = { "web-1": [10, 20], "web-2": [15, 40], "web-3": [25, 99] };

before(async () => {
  ({ db, url } = await freshDatabase());
  for (const [name, [from, to]] of Object.entries(SPANS)) {
    const until = name === "web-3" ? 30 : LENGTH;
    hosts[name] = await addHistory(url, name, {
      series: [["queue_length"], ["errors_total", { code: "500" }], ["errors_total", { code: "502" }]],
      ...{ from: START, to: START + until * MINUTE_MS, stepMs: 30_000 },
      valuesAt: (at) => {
        const minute = (at - START) / MINUTE_MS;
        const busy = minute >= from && minute < to;
        return [busy ? 120.5 : 3, busy ? minute * 600 : 0, 0];
      },
    });
  }
});

beforeEach(async () => {
  await db.alert.deleteMany();
  await db.alertInstance.deleteMany();
  await db.alertElement.deleteMany();
  await db.alertRule.deleteMany();
  await db.workFailure.deleteMany();
});

const rule = (expr: string, { condition = {}, ...more }: { condition?: object } & Record<string, unknown> = {}) =>
  ruleSchema.parse({
    ...{ name: "QueueTooLong", noData: "ok", ...more },
    condition: { kind: "expression", expr, ...condition },
  });

const all = { from: 0, to: START + 24 * HOUR_MS, limit: 1_000 };

/** Judges minute by minute, with the rounds of all other rules between; answers "minute: host state" of each change. */
async function run(from: number, to: number): Promise<string[]> {
  const seen: string[] = [];
  const names = new Map(Object.entries(hosts).map(([name, id]) => [id, name]));
  for (let minute = from; minute <= to; minute++) {
    const now = START + minute * MINUTE_MS + 1_400;
    const { transitions } = await evaluateExpressions(db, now);
    const others = await evaluateAlerts(db, now);
    seen.push(
      ...[...transitions, ...others.transitions].map(({ state, hostId }) => `${minute}: ${names.get(hostId)} ${state}`),
    );
  }
  return seen.sort();
}

test("each element of an expression is an alert of its own, on the host that it names, with the texts of its templates", async () => {
  await createRule(
    db,
    rule("queue_length > 100", {
      forMs: 2 * MINUTE_MS,
      labels: { team: "shop", size: "{{ if gt $value 100.0 }}large{{ else }}small{{ end }}" },
      condition: {
        annotations: {
          summary: "Queue of {{ $labels.host }} is {{ $value | humanize }}",
          description: 'Since a while.\n{{ printf "%.2f" $value }}',
          runbook_url: "https://runbooks.example/queue",
        },
      },
    }),
    null,
  );
  assert.deepEqual(await run(8, 45), [
    ...["10: web-1 pending", "12: web-1 firing", "15: web-2 pending", "17: web-2 firing", "20: web-1 resolved"],
    ...["25: web-3 pending", "27: web-3 firing", "35: web-3 resolved", "40: web-2 resolved"],
  ]);
  const [alert] = (await listAlerts(db, all)).filter(({ host }) => host === "web-2");
  assert.equal(alert?.summary, "Queue of web-2 is 120.5");
  assert.equal(alert.note, "Since a while.\n120.50");
  assert.equal(alert.runbook, "https://runbooks.example/queue");
  assert.equal(alert.expr, "queue_length > 100");
  assert.deepEqual(alert.labels, { alertname: "QueueTooLong", size: "large", team: "shop" });
  assert.equal((await listRules(db))[0]?.problem, null);
});

test("what names no host stands on the portal's own, and each set of labels goes on for itself", async () => {
  await createRule(db, rule("sum by (code) (rate(errors_total[2m])) > 0", { keepFiringMs: 3 * MINUTE_MS }), null);
  const seen = await run(9, 50);
  assert.equal(seen[0], "10: web-1 firing");
  const alerts = await listAlerts(db, all);
  assert.deepEqual(
    alerts.map(({ host, series }) => `${host} ${series}`),
    ['web-1 QueueTooLong{code="500"}'],
  );
  assert.equal(seen.length, 2, "it goes on while any host has errors");
});

test("an alert goes on while its host gets another name, and ends with its rule, its host's retirement or the rule's switch", async () => {
  const { id } = await createRule(db, rule("queue_length > 100"), null);
  assert.deepEqual(await run(16, 17), ["16: web-1 firing", "16: web-2 firing"]);
  await updateHost(db, hosts["web-2"] as number, { name: "shop-2" });
  assert.deepEqual(await run(18, 20), ["20: web-1 resolved"], "web-2 is shop-2 now");
  await updateHost(db, hosts["web-2"] as number, { name: "web-2" });
  assert.deepEqual(await run(21, 21), []);
  await updateHost(db, hosts["web-2"] as number, { retired: true });
  assert.deepEqual(await run(22, 24), ["22: web-2 resolved"]);
  await updateHost(db, hosts["web-2"] as number, { retired: false });
  assert.deepEqual(await run(26, 26), ["26: web-2 firing", "26: web-3 firing"].sort());
  await replaceRule(db, id, rule("queue_length > 100", { enabled: false }));
  assert.deepEqual(await run(27, 27), ["27: web-2 resolved", "27: web-3 resolved"]);
});

test("what names a host that is gone stands on the portal's own, apart from what names that and from what names none", async () => {
  const own = 'queue_length{host="web-1"} > 100';
  const gone = `label_replace(${own}, "host", "nobody", "", "")`;
  await createRule(db, rule(`sum(queue_length{host="web-1"}) > 100 or ${own} or ${gone}`), null);
  assert.deepEqual(await run(16, 21), [...Array(3).fill("16: web-1 firing"), ...Array(3).fill("20: web-1 resolved")]);
  const labels = (await listAlerts(db, all)).map((alert) => alert.labels.host ?? "none");
  assert.deepEqual(labels.sort(), ["nobody", "none", "none"]);
});

test("alerts of an expression are silenced by their labels", async () => {
  const labels = { team: "{{ $labels.host }}" };
  await createRule(db, rule("queue_length > 100", { labels }), null);
  await run(16, 16);
  const now = START + 17 * MINUTE_MS;
  const span = { startsAt: new Date(now - 1), endsAt: new Date(now + HOUR_MS) };
  const matchers = 'alertname="QueueTooLong",team=~"web-[2]"';
  await createSilence(db, { ...span, matchers, comment: "", maintenance: false, recurrence: null }, null, now);
  const silenced = await activeSilences(db, now);
  const alerts = await listAlerts(db, all);
  const held = alerts.filter((alert) => silenced(matchedLabels(alert, alert.host)) !== undefined);
  assert.deepEqual(
    held.map(({ host }) => host),
    ["web-2"],
  );
});

test("too many elements, two with the same labels and a query that fails are said, and end no alert", async () => {
  const { id } = await createRule(db, rule("queue_length > 100"), null);
  assert.deepEqual(await run(16, 16), ["16: web-1 firing", "16: web-2 firing"]);
  const problem = async () => (await listRules(db))[0]?.problem ?? null;
  for (const [expr, condition, words] of [
    ["queue_length", { limit: 2 }, /gives 3 elements, more than 2/],
    ['label_replace(queue_length, "host", "", "", "")', {}, /same labelset|same labels|have the labels/],
    ["queue_length * on () errors_total", {}, /many-to-many|many/],
  ] as const) {
    await replaceRule(db, id, rule(expr, { condition }));
    await db.workFailure.deleteMany();
    await db.alertEvaluation.deleteMany();
    assert.deepEqual(await run(17, 17), []);
    assert.match((await problem()) ?? "", words);
  }
  await db.workFailure.deleteMany();
  await replaceRule(db, id, rule("queue_length > 100"));
  assert.deepEqual(await run(18, 18), []);
  assert.equal(await problem(), null);
});

test("no data and errors are a state of the rule where it says so", async () => {
  await createRule(db, rule("nothing_like_it > 1", { noData: "state" }), null);
  assert.deepEqual(await run(16, 16), ["16: web-1 no_data"]);
  assert.match((await listRules(db))[0]?.problem ?? "", /No series/);
  const { id } = (await listRules(db))[0] as { id: number };
  await replaceRule(db, id, rule("queue_length > 1e9", { noData: "state" }));
  assert.deepEqual(await run(17, 17), ["17: web-1 resolved"].slice(1), "one that never fired leaves nothing");
  await replaceRule(db, id, rule("queue_length * on () errors_total", { onError: "firing" }));
  assert.deepEqual(await run(18, 18), ["18: web-1 firing"]);
  assert.match((await listAlerts(db, all))[0]?.summary ?? "", /could not be judged/);
});

test("NaN and infinity are elements, whose alerts have no figure and whose texts name it", async () => {
  const annotations = { summary: "is {{ $value }} or {{ $value | humanizePercentage }}" };
  await createRule(
    db,
    rule('queue_length / 0 or label_replace(queue_length * NaN, "n", "1", "", "")', { condition: { annotations } }),
    null,
  );
  await run(16, 17);
  const alerts = await listAlerts(db, all);
  assert.deepEqual([...new Set(alerts.map(({ summary, value }) => `${summary} ${value}`))].sort(), [
    "is +Inf or +Inf% null",
    "is NaN or NaN% null",
  ]);
});

test("two evaluators judge an instant once, one that was killed is stood in for, and a clock that is set back ends nothing", async () => {
  await createRule(db, rule("queue_length > 100", { forMs: 3 * MINUTE_MS }), null);
  const at = (minute: number) => START + minute * MINUTE_MS + 900;
  const both = await Promise.all([evaluateExpressions(db, at(16)), evaluateExpressions(db, at(16))]);
  assert.equal(both.flatMap(({ transitions }) => transitions).length, 2);
  // Killed after it had taken the rule.
  await db.alertEvaluation.updateMany({ data: { claimedUntil: new Date(at(18)) } });
  assert.deepEqual((await evaluateExpressions(db, at(17))).transitions, []);
  assert.deepEqual((await evaluateExpressions(db, at(18) + 1)).transitions, []);
  assert.equal((await evaluateExpressions(db, at(19))).transitions.length, 2, "pending since minute 16");
  assert.deepEqual((await evaluateExpressions(db, at(16))).transitions, [], "the clock was set back");
  assert.equal(await db.alert.count({ where: { endedAt: null } }), 2);
});

test("a wait of days goes on over restarts, and elements that nothing is known of are removed", async () => {
  await createRule(db, rule("queue_length > 100", { forMs: 7 * DAY_MS }), null);
  assert.deepEqual(await run(16, 19), ["16: web-1 pending", "16: web-2 pending"]);
  assert.equal(await removeOldElements(db), 0);
  assert.deepEqual(await run(41, 41), []);
  assert.equal(await db.alert.count(), 0, "what never fired leaves nothing");
  assert.equal(await removeOldElements(db), 2);
});

test("a rule that cannot be is refused with the field and the place", async () => {
  const refused = async (input: ReturnType<typeof rule>, field: string, words: RegExp) =>
    assert.rejects(createRule(db, input, null), (error: Error & { fields: { field: string; message: string }[] }) => {
      assert.equal(error.fields[0]?.field, field);
      assert.match(error.message, words);
      return true;
    });
  await refused(rule("sum(queue_length"), "condition.expr", /1:17: parse error: unclosed left parenthesis/);
  await refused(rule("queue_length[5m]"), "condition.expr", /range vector/);
  await refused(rule('"text"'), "condition.expr", /string/);
  await refused(rule("up", { labels: { a: '{{ query "up" }}' } }), "labels.a", /function query is not supported/);
  const annotations = { summary: "{{ range $labels }}{{ end }}" };
  await refused(rule("up", { condition: { annotations } }), "condition.annotations.summary", /range is not supported/);
  await refused(rule("up", { hostIds: [hosts["web-1"]] }), "host_ids", /in the expression/);
});

test("an alert outlasts its element for as long as the rule says, and ends at once where that comes and goes", async () => {
  await createRule(db, rule('queue_length{host="web-1"} > 100', { keepFiringMs: 3 * MINUTE_MS }), null);
  assert.deepEqual(await run(18, 30), ["18: web-1 firing", "23: web-1 resolved"]);
  await db.alertRule.deleteMany();
  await createRule(db, rule('queue_length{host="web-1"} > 100 and on () (minute() % 2 == 0)'), null);
  const seen = await run(10, 20);
  assert.equal(seen.filter((line) => line.endsWith("resolved")).length, 5, "it does not flap, as in Prometheus");
});

const signal = new AbortController().signal;

test("whoever writes an expression sees what it gives now, what it was, and what its rule would have done", async () => {
  const now = START + 18 * MINUTE_MS;
  const written = rule("queue_length > 100", { condition: { annotations: { summary: "{{ $labels.host }}" } } });
  const check = await checkRule(db, written, { now, signal });
  assert.deepEqual([check.series, check.hosts, check.problem], [2, 2, null]);
  assert.deepEqual(check.elements[0], {
    ...{ host: "web-1", value: 120.5, summary: "web-1" },
    labels: { alertname: "QueueTooLong", host: "web-1" },
  });
  const request = {
    expr: "queue_length > 100 and queue_length > 0",
    from: new Date(START),
    to: new Date(START + HOUR_MS),
    points: 61,
  };
  const chart = await chartExpression(db, { ...request, labels: {}, host: hosts["web-2"] }, signal);
  assert.deepEqual([chart.level, chart.series.length], [100, 1]);
  assert.equal(chart.series[0]?.points.length, 61);
  assert.deepEqual(
    chart.series[0]?.points.slice(13, 16).map(([, value]) => value),
    [3, 3, 120.5],
  );
  const tested = await testRule(
    db,
    { ...written, forMs: 2 * MINUTE_MS },
    { days: 1, zone: "UTC", now: START + HOUR_MS, signal },
  );
  assert.deepEqual(
    tested.examples.map(({ host, from, to }) => [
      host,
      (from.getTime() - START) / MINUTE_MS,
      ((to?.getTime() ?? 0) - START) / MINUTE_MS,
    ]),
    [
      ["web-2", 17, 40],
      ["web-1", 12, 20],
      ["web-3", 27, 35],
    ],
  );
});

test("an alert of an expression is explained as others are, and its past goes with its host to the one that goes on", async () => {
  const { id } = await createRule(db, rule("queue_length > 100"), null);
  await run(16, 41);
  const [from, into] = [hosts["web-2"] as number, hosts["web-1"] as number];
  const before = await db.alert.findFirstOrThrow({ where: { hostId: from } });
  const explained = await explainAlert(db, from, before.id, START + HOUR_MS);
  assert.deepEqual(explained.levels, null);
  await db.alertInstance.deleteMany();
  await db.$transaction((tx) => moveAlerts(tx, { from, into }, new Map()));
  const alerts = await db.alert.findMany({ where: { hostId: into, ruleId: id } });
  assert.equal(alerts.length, 2);
  assert.equal(new Set(alerts.map(({ seriesId }) => seriesId)).size, 1, "both are of the same element");
});

test("a thousand elements are judged, and of more none is silently left out", async () => {
  const series = Array.from({ length: 1_001 }, (_, n): [string, Record<string, string>] => ["many", { n: String(n) }]);
  const span = { from: START + 15 * MINUTE_MS, to: START + 18 * MINUTE_MS, stepMs: MINUTE_MS };
  await addHistory(url, "web-1", { series, ...span, valuesAt: () => series.map(() => 1) });
  const { id } = await createRule(db, rule("many"), null);
  assert.deepEqual(await run(16, 16), []);
  assert.match((await listRules(db))[0]?.problem ?? "", /gives 1001 elements, more than 1000/);
  await db.workFailure.deleteMany();
  await replaceRule(db, id, rule('many{n!="7"}'));
  assert.equal((await run(17, 17)).length, 1_000);
  assert.equal((await run(25, 25)).length, 1_000);
});
