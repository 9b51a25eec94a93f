import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { before, test } from "node:test";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import type { Database } from "#lib/db/client.ts";
import { assignSubject, recordExposures } from "#lib/experiments/assign-subjects.ts";
import { judgeRunning, queueWaitingWebhooks, sendVerdicts } from "#lib/experiments/judge-running.ts";
import { listExperiments, readExperiment, readHistory, readVerdicts } from "#lib/experiments/read-experiments.ts";
import { readDimensions, readResults, readTimeline } from "#lib/experiments/read-results.ts";
import { type EventInput, ingestEvents, ingestExposures } from "#lib/experiments/record-events.ts";
import { amendExperiment, createExperiment, moveExperiment, writeDraft } from "#lib/experiments/write-experiments.ts";
import { listFailures } from "#lib/jobs/failures.ts";
import { QUEUES, sendJob } from "#lib/jobs/queue.ts";
import { sendWebhook } from "#lib/notify/webhook.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { addHistory } from "../support/history.ts";

process.env.OUTGOING_ALLOW = "127.0.0.1";

const START = Date.UTC(2026, 8, 1);
const USER = "0192b7a0-0000-7000-8000-000000000000";

let db: Database;
let url: string;

before(async () => {
  ({ db, url } = await freshDatabase());
});

const plan = (key: string, more: object = {}) =>
  experimentSchema.parse({
    key,
    name: `The ${key}`,
    variants: [{ key: "a" }, { key: "b" }],
    metrics: [
      { key: "revenue", role: "primary", kind: "mean", event: "purchase", category: "efficiency" },
      { key: "orders", kind: "proportion", event: "purchase", category: "quality" },
      { key: "visits", kind: "count", event: "visit" },
      { key: "basket", kind: "ratio", event: "purchase", denominator: "visit" },
      { key: "errors", role: "guardrail", kind: "count", event: "error", better: "down", margin: 0.5 },
      { key: "slow", kind: "quantile", quantile: 0.9, event: "wait", better: "down" },
    ],
    ...more,
  });

async function started(key: string, more: object = {}, at = START): Promise<number> {
  const id = await createExperiment(db, plan(key, more), { userId: USER, now: at });
  await moveExperiment(db, id, "start", { userId: USER, now: at });
  return id;
}

/** Subjects that did something before, saw a variant, and did more; every id and time the same at each run. */
function people(prefix: string, count: number, lift: number) {
  const [uniform, normal] = [seededRandom(11), seededNormal(seededRandom(12))];
  const exposures: { subject: string; variant: string; at: number; dimension: string }[] = [];
  const events: EventInput[] = [];
  for (let n = 0; n < count; n++) {
    const subject = `${prefix}${n}`;
    const variant = uniform() < 0.5 ? "a" : "b";
    const at = START + Math.floor(uniform() * 5 * DAY_MS);
    const wealth = 50 + 15 * normal();
    exposures.push({ subject, variant, at, dimension: n % 3 === 0 ? "mobile" : "desktop" });
    const add = (metric: string, value: number, when: number) =>
      events.push({ id: `${subject} ${events.length}`, subject, metric, value, at: when });
    add("purchase", wealth + 5 * normal(), at - DAY_MS);
    for (let visit = 0; visit < 3; visit++) add("visit", 1, at + visit * HOUR_MS);
    if (uniform() < 0.7) add("purchase", (wealth + 5 * normal()) * (variant === "b" ? 1 + lift : 1), at + 7_200_000);
    if (uniform() < 0.1) add("error", 1, at + 1);
    add("wait", 100 + 20 * normal(), at + 2);
  }
  return { exposures, events };
}

/** All sums of an experiment, made anew from the single events. */
async function recomputed(id: number) {
  return db.$queryRaw<
    { metric: string; variant: string; sum: number; squares: number; pre: number; product: number }[]
  >`
    WITH own AS (
      SELECT m.key AS metric, m.kind, x.variant, x.subject,
        coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at >= x.at), 0) AS value,
        count(*) FILTER (WHERE f.metric = m.event AND f.at >= x.at) AS count,
        coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at < x.at AND f.at >= x.at - interval '14 days'), 0) AS pre
      FROM exposure x JOIN experiment_metric m USING (experiment_id) JOIN metric_event f ON f.subject = x.subject AND f.metric IN (m.event, m.denominator)
      WHERE x.experiment_id = ${id} GROUP BY 1, 2, 3, 4
    ), worth AS (
      SELECT metric, variant, pre, CASE kind WHEN 'proportion' THEN least(count, 1)::float8 WHEN 'count' THEN count::float8 ELSE value END AS x FROM own
    )
    SELECT metric, variant, sum(x) AS sum, sum(x * x) AS squares, sum(pre) AS pre, sum(x * pre) AS product FROM worth GROUP BY 1, 2 ORDER BY 1, 2`;
}

async function kept(id: number) {
  return db.$queryRaw<
    { metric: string; variant: string; sum: number; squares: number; pre: number; product: number }[]
  >`
    SELECT metric, variant, sum(sum)::float8 AS sum, sum(sum_squares)::float8 AS squares, sum(pre_sum)::float8 AS pre, sum(pre_product)::float8 AS product
    FROM experiment_total WHERE experiment_id = ${id} AND metric NOT IN ('', '!mixed') GROUP BY 1, 2 ORDER BY 1, 2`;
}

function assertNear(actual: object[], expected: object[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((row, n) => {
    for (const [field, value] of Object.entries(row)) {
      const wanted = (expected[n] as Record<string, unknown>)[field];
      if (typeof value === "number") {
        const apart = Math.abs(value - Number(wanted));
        assert.ok(apart <= 1e-6 * Math.max(1, Math.abs(value)), `${field}: ${value} ${wanted}`);
      } else assert.equal(value, wanted);
    }
  });
}

test("sums kept as events come, late, twice and out of order, are those of all events at once", async () => {
  const id = await started("ingest");
  const { exposures, events } = people("i", 400, 0.1);
  const random = seededRandom(5);
  const shuffled = [...events].sort(() => random() - 0.5);
  await ingestEvents(db, shuffled.slice(0, 500));
  await ingestExposures(db, id, exposures.slice(0, 250));
  await ingestEvents(db, shuffled.slice(400, 1_200));
  assert.equal(await ingestExposures(db, id, exposures), 150);
  assert.equal(await ingestEvents(db, shuffled), shuffled.length - 1_200);
  assert.equal(await ingestEvents(db, shuffled), 0);
  assert.equal(await ingestExposures(db, id, exposures), 0);
  assertNear(await kept(id), await recomputed(id));
  const { subjects, quality } = await readResults(db, await readExperiment(db, "ingest"), START + 6 * DAY_MS);
  assert.equal(
    subjects.reduce((sum, { n }) => sum + n, 0),
    400,
  );
  assert.equal(quality.mixed, 0);
});

test("a lift of 15 % is found, named by its metric, and shipped; CUPED makes it surer", async () => {
  const id = await started("lift", { plan: { dimension: "device", webhook: "" } });
  const { exposures, events } = people("l", 4_000, 0.15);
  await ingestExposures(db, id, exposures);
  await ingestEvents(db, events);
  const experiment = await readExperiment(db, "lift");
  const { metrics, verdict, quality } = await readResults(db, experiment, START + 6 * DAY_MS);
  const revenue = metrics.find(({ key }) => key === "revenue")?.comparisons[0];
  assert.ok(revenue && revenue.ci[0] > 0 && revenue.ci[0] < 0.15 && revenue.ci[1] > 0.15, JSON.stringify(revenue));
  assert.match(revenue.method, /CUPED/);
  assert.ok(quality.srm > 0.001);
  assert.equal(verdict.decision, "ship", JSON.stringify(verdict));
  assert.match(verdict.reasons.join(), /revenue improves by \+1\d\.\d %/);
  const { efficiency_improvement, success_probability } = verdict.record;
  assert.ok((efficiency_improvement?.interval[0] ?? 0) > 0 && (success_probability?.value ?? 0) > 0.9);
  assert.ok((verdict.canary ?? 0) > 60);
  const orders = metrics.find(({ key }) => key === "orders")?.comparisons[0];
  assert.ok(orders && orders.p > 0.01);
  assert.equal(
    metrics.find(({ key }) => key === "slow")?.arms[0]?.n,
    exposures.filter((x) => x.variant === "a").length,
  );

  const [treatment] = await readTimeline(db, experiment, "revenue");
  assert.ok((treatment?.days.length ?? 0) >= 5);
  assert.deepEqual(treatment?.days.at(-1)?.effect, revenue.effect);
  const [unsummed] = await readTimeline(db, experiment, "slow");
  assert.deepEqual(unsummed?.days, [], "a quantile has no daily line: sums would draw its mean");
  const dimensions = await readDimensions(db, experiment);
  assert.deepEqual(
    dimensions.map(({ dimension }) => dimension),
    ["desktop", "mobile"],
  );
});

test("a broken split and subjects that changed sides are told, and nothing is concluded", async () => {
  const id = await started("broken");
  const at = START + DAY_MS;
  const some = (variant: string, count: number, prefix: string) =>
    Array.from({ length: count }, (_, n) => ({ subject: `${prefix}${n}`, variant, at }));
  await ingestExposures(db, id, [...some("a", 600, "x"), ...some("b", 400, "y")]);
  await ingestExposures(db, id, some("b", 20, "x"));
  const { quality, verdict } = await readResults(db, await readExperiment(db, "broken"), START + 2 * DAY_MS);
  assert.ok(quality.srm < 1e-6);
  assert.equal(quality.mixed, 20);
  assert.equal(quality.warnings.length, 2);
  assert.deepEqual([verdict.decision, verdict.rule], ["inconclusive", "broken"]);
});

test("an assignment sticks, keeps to its weights, and is refused once the experiment has stopped", async () => {
  const id = await started("assigned", {
    variants: [
      { key: "a", weight: 3 },
      { key: "b", weight: 1 },
    ],
  });
  const ask = (n: number) =>
    assignSubject(db, "assigned", { subject: `s${n}`, attributes: {}, record: n < 40 }, { now: START });
  const first = await Promise.all(Array.from({ length: 400 }, (_, n) => ask(n)));
  assert.deepEqual(await Promise.all(Array.from({ length: 400 }, (_, n) => ask(n))), first);
  const share = first.filter(({ variant }) => variant === "a").length / 400;
  assert.ok(Math.abs(share - 0.75) < 0.08, `${share}`);
  assert.equal(await db.exposure.count({ where: { experimentId: id } }), 40);
  await assert.rejects(
    recordExposures(db, "assigned", [{ subject: "z", variant: "c", at: START }]),
    /There is no variant "c"/,
  );
  await moveExperiment(db, id, "stop", { userId: USER, now: START + DAY_MS });
  await assert.rejects(ask(1), /stopped: it takes no subjects/);
});

test("once started a plan is fixed; an amendment keeps its reason and what was before", async () => {
  const actor = { userId: USER, now: START };
  const id = await createExperiment(db, plan("life"), actor);
  await writeDraft(db, id, plan("life", { hypothesis: "a better one" }), actor);
  await assert.rejects(createExperiment(db, plan("life"), actor), /already/);
  await moveExperiment(db, id, "start", actor);
  await assert.rejects(writeDraft(db, id, plan("life"), actor), /cannot be edited/);
  await assert.rejects(moveExperiment(db, id, "archive", actor), /must be draft or stopped/);
  await amendExperiment(db, id, { reason: "a quiet week", maxDays: 40 }, actor);
  for (const action of ["pause", "resume", "stop", "archive"] as const) await moveExperiment(db, id, action, actor);
  const experiment = await readExperiment(db, String(id));
  assert.deepEqual(
    [experiment.status, experiment.plan.maxDays, experiment.hypothesis],
    ["archived", 40, "a better one"],
  );
  const history = await readHistory(db, id);
  assert.deepEqual(history.map(({ action }) => action).reverse(), [
    ...["create", "plan", "start", "amend", "pause", "resume", "stop", "archive"],
  ]);
  const amended = history.find(({ action }) => action === "amend");
  assert.deepEqual([amended?.reason, amended?.change], ["a quiet week", { max_days: { from: 28, to: 40 } }]);
});

test("harm stops an experiment by itself, and its webhook is told once, also after it was away", async () => {
  const heard: { decision: string; reasons: string[] }[] = [];
  let fails = true;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (!fails) heard.push(JSON.parse(body));
    response.statusCode = fails ? 500 : 204;
    response.end();
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const id = await started("harm", { plan: { webhook } });
  const { exposures, events } = people("h", 3_000, -0.3);
  await ingestExposures(db, id, exposures);
  await ingestEvents(db, events);
  await judgeRunning(db, { now: START + 6 * DAY_MS });
  await judgeRunning(db, { now: START + 6 * DAY_MS });
  assert.equal((await readExperiment(db, "harm")).status, "stopped");
  assert.equal(await db.verdict.count({ where: { experimentId: id } }), 1);
  await sendVerdicts(db, "https://sightline.example", { now: () => START + 7 * DAY_MS });
  assert.equal(heard.length, 0);
  fails = false;
  await sendVerdicts(db, "https://sightline.example", { now: () => START + 8 * DAY_MS });
  await sendVerdicts(db, "https://sightline.example", { now: () => START + 8 * DAY_MS });
  server.close();
  assert.deepEqual(
    heard.map(({ decision }) => decision),
    ["roll_back"],
  );
  assert.match(heard.flatMap(({ reasons }) => reasons).join(), /revenue gets worse/);
});

test("an experiment that cannot be judged stops no other: those beside it get their verdicts", async () => {
  const broken = await started("unreadable");
  const sound = await started("beside-it");
  await db.experiment.update({ where: { id: broken }, data: { plan: { alpha: 7 } } });
  const { failed } = await judgeRunning(db, { now: START + DAY_MS });
  assert.equal(failed, 1);
  assert.equal(await db.verdict.count({ where: { experimentId: sound } }), 1);
  const listed = (await listExperiments(db)).map(({ key }) => key);
  assert.ok(listed.includes("beside-it") && !listed.includes("unreadable"), "the list shows what can be read");
  await assert.rejects(readExperiment(db, "unreadable"), /stored plan of experiment unreadable cannot be read: alpha/);
  const [shown] = await listFailures(db, START + DAY_MS);
  assert.deepEqual([shown?.task, shown?.subject, shown?.attempts], ["experiments", "unreadable", 1]);
  assert.match(shown?.reason ?? "", /alpha/);
  await db.experiment.update({ where: { id: broken }, data: { plan: {} } });
  const soon = await judgeRunning(db, { now: START + DAY_MS + SECOND_MS });
  assert.equal(await db.verdict.count({ where: { experimentId: broken } }), 0, "its back-off is a minute");
  assert.equal(soon.failed, 0);
  assert.equal((await judgeRunning(db, { now: START + DAY_MS + 2 * MINUTE_MS })).failed, 0);
  assert.deepEqual(await listFailures(db, START + DAY_MS + 2 * MINUTE_MS), [], "what succeeds is no failure any more");
  assert.equal(await db.verdict.count({ where: { experimentId: broken } }), 1);
});

test("the history says why a verdict's webhook was given up, and no longer once it has arrived", async () => {
  let status = 500;
  const server = createServer((_, response) => response.writeHead(status).end());
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const id = await started("unheard", { plan: { webhook: `http://${host}/hook` } });
  await judgeRunning(db, { now: START + DAY_MS });
  const verdictAt = async (now: number) => {
    await sendVerdicts(db, undefined, { now: () => now });
    return (await readVerdicts(db, id))[0];
  };
  const first = await verdictAt(START + DAY_MS);
  assert.deepEqual([first?.webhookFailure, first?.webhookFailedAt], [`${host} answered 500`, null]);
  let last = first;
  for (let attempt = 2; attempt <= QUEUES.webhook.maxAttempts; attempt++)
    last = await verdictAt(START + attempt * DAY_MS);
  assert.equal(last?.webhookFailure, `${host} answered 500`);
  assert.equal(last?.webhookFailedAt?.getTime(), START + QUEUES.webhook.maxAttempts * DAY_MS);
  assert.equal(await queueWaitingWebhooks(db, START + 2 * DAY_MS), 0);
  status = 204;
  await sendJob(db, "webhook", { key: String(last?.id), payload: { id: last?.id ?? 0 }, runAt: new Date(START) });
  const arrived = await verdictAt(START + 30 * DAY_MS);
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(
    sendWebhook(`http://${host}`, {}, "key"),
    new RegExp(`${host} cannot be reached: (?!fetch failed).`),
  );
  assert.deepEqual([arrived?.webhookFailure, arrived?.webhookFailedAt], [null, null]);
  assert.ok(arrived?.notifiedAt);
});

test("live metrics of hosts are compared: a canary, a before and after, and a switchback", async () => {
  const normal = seededNormal(seededRandom(3));
  const host = (name: string, factor: (at: number) => number) =>
    addHistory(url, name, {
      series: [["cpu.usage"]],
      from: START - 14 * DAY_MS,
      to: START + 3 * DAY_MS,
      stepMs: 600_000,
      valuesAt: (at) => [(40 + 10 * Math.sin((at / DAY_MS) * 2 * Math.PI) + normal()) * factor(at)],
    });
  const calm = await host("calm", () => 1);
  const changed = await host("changed", (at) => (at >= START ? 0.85 : 1));
  const cpu = { series: "cpu.usage", better: "down" };
  const metrics = [
    { ...cpu, key: "cpu", role: "primary" },
    { ...cpu, key: "peak", kind: "quantile", quantile: 0.95 },
    { ...cpu, key: "of-itself", kind: "ratio", denominator: "cpu.usage" },
  ];
  const results = async (key: string, kind: string, hostIds: [number[], number[]]) => {
    const variants = hostIds.map((ids, n) => ({ key: n === 0 ? "before" : "after", hostIds: ids }));
    await started(key, { kind, metrics, variants });
    return readResults(db, await readExperiment(db, key), START + 3 * DAY_MS);
  };
  for (const [key, kind, ids] of [
    ["canary", "hosts", [[calm], [changed]]],
    ["upgrade", "before_after", [[changed], []]],
  ] as [string, string, [number[], number[]]][]) {
    const { verdict, metrics: found } = await results(key, kind, ids);
    const comparison = found[0]?.comparisons[0];
    assert.ok(comparison && Math.abs(comparison.effect + 0.15) < 0.03, `${key}: ${JSON.stringify(found[0])}`);
    assert.equal(verdict.decision, "ship", JSON.stringify(verdict.reasons));
    assert.ok(Math.abs((found[1]?.comparisons[0]?.effect ?? 0) + 0.15) < 0.03, JSON.stringify(found[1]));
    assert.equal(found[2]?.arms[1]?.mean, 1);
  }
  const { verdict } = await results("untouched", "before_after", [[calm], []]);
  assert.equal(verdict.decision, "keep_running");

  const { switchedTo } = await import("#lib/experiments/assign.ts");
  const switched = plan("switch", {
    kind: "switchback",
    metrics,
    variants: [{ key: "before", hostIds: [1] }, { key: "after" }],
  });
  const turned = await host("turned", (at) => (switchedTo(switched, START, at) === "after" ? 0.8 : 1));
  const switchback = await results("switch", "switchback", [[turned], []]);
  const comparison = switchback.metrics[0]?.comparisons[0];
  assert.ok(comparison && Math.abs(comparison.effect + 0.2) < 0.06 && comparison.ci[1] < 0, JSON.stringify(comparison));
});

test("a key is another's once: a second draft, an edit and two at once are told so", async () => {
  const actor = { userId: USER, now: START };
  await createExperiment(db, plan("taken"), actor);
  const other = await createExperiment(db, plan("other"), actor);
  const conflict = /There is an experiment "taken" already/;
  await assert.rejects(createExperiment(db, plan("taken"), actor), conflict);
  await assert.rejects(writeDraft(db, other, plan("taken"), actor), conflict);
  const both = await Promise.allSettled([1, 2].map(() => createExperiment(db, plan("both"), actor)));
  assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

test("the greatest and the smallest values of events are summed, not an error of ours", async () => {
  const id = await started("extremes");
  await ingestExposures(db, id, [{ subject: "x", variant: "a", at: START }]);
  const values = [1e100, -1e100, 1e-200, 5e-324, 0];
  const events = values.map((value, n) => ({ id: `x ${n}`, subject: "x", metric: "purchase", value, at: START + n }));
  assert.equal(await ingestEvents(db, events), values.length);
  const tiny = { id: "x tiny", subject: "x", metric: "purchase", value: 1e-99, at: START + 9 };
  assert.equal(await ingestEvents(db, [tiny]), 1);
});

const sumsOf = (id: number) =>
  db.experimentTotal.findMany({
    where: { experimentId: id, metric: { not: "!mixed" } },
    orderBy: [{ metric: "asc" }, { variant: "asc" }, { dimension: "asc" }, { day: "asc" }],
    omit: { experimentId: true },
  });
/** Days to which nothing adds up say nothing. */
const shown = async (id: number) =>
  (await sumsOf(id))
    .map((row) =>
      Object.entries(row).map(([name, value]) => `${name} ${value instanceof Date ? +value : String(value)}`),
    )
    .filter((row) => row.some((field) => /^(n|sum|preSum|denominatorSum) -?[1-9]/.test(field)));

test("in whatever order and batches exposures and events come, the sums of every day are the same to the last digit", async () => {
  const { exposures, events } = people("order", 60, 0.1);
  // Some are exposed again, later and earlier, and to the other variant; events lie over eight days.
  const again = exposures.slice(0, 20).flatMap((exposure, n) => [
    { ...exposure, at: exposure.at + DAY_MS, variant: n % 3 === 0 ? "b" : exposure.variant },
    { ...exposure, at: exposure.at - 3 * HOUR_MS, variant: n % 4 === 0 ? "a" : exposure.variant, dimension: "tablet" },
  ]);
  const late = events.map((event, n) => ({ ...event, id: `late ${event.id}`, at: event.at + (n % 8) * DAY_MS }));
  type Step = { exposures?: typeof exposures; events?: EventInput[] };
  const ways: ((random: () => number) => Step[])[] = [
    () => [{ exposures: [...exposures, ...again] }, { events: [...events, ...late] }],
    () => [{ events: [...events, ...late] }, { exposures: [...again, ...exposures] }],
    (random) =>
      [...exposures, ...again, ...events, ...late]
        .sort(() => random() - 0.5)
        .map((item): Step => ("variant" in item ? { exposures: [item] } : { events: [item] })),
    (random) => {
      const steps = Array.from({ length: 30 }, (): Required<Step> => ({ exposures: [], events: [] }));
      for (const item of [...exposures, ...again])
        for (let n = 0; n < 2; n++) steps[Math.floor(random() * 30)]?.exposures.push(item);
      for (const item of [...events, ...late]) steps[Math.floor(random() * 30)]?.events.push(item);
      return steps;
    },
  ];
  const found: string[][][] = [];
  const mixed: number[] = [];
  for (const [n, way] of ways.entries()) {
    await db.metricEvent.deleteMany();
    const id = await started(`order-${n}`);
    for (const step of way(seededRandom(n))) {
      if (step.exposures?.length) await ingestExposures(db, id, step.exposures);
      if (step.events?.length) await ingestEvents(db, step.events);
    }
    found.push(await shown(id));
    mixed.push((await readResults(db, await readExperiment(db, `order-${n}`), START + 12 * DAY_MS)).quality.mixed);
    assertNear(await kept(id), await recomputed(id));
  }
  for (const sums of found) assert.deepEqual(sums, found[0]);
  assert.equal(new Set(mixed).size, 1, `${mixed}`);
  assert.ok((mixed[0] ?? 0) > 0 && (mixed[0] ?? 0) <= 20);
  assert.ok(
    new Set(found[0]?.map((row) => row.find((field) => field.startsWith("day ")))).size >= 8,
    "each day has its own",
  );
});

test("values that are large beside how they vary keep their variance, and their verdict", async () => {
  const id = await started("large", {
    plan: { engine: "fixed", minSubjects: 20 },
    metrics: [
      { key: "stamp", role: "primary", kind: "mean", event: "stamp" },
      { key: "share", kind: "ratio", event: "stamp", denominator: "base" },
    ],
  });
  const normal = seededNormal(seededRandom(77));
  const subjects = Array.from({ length: 400 }, (_, n) => ({
    subject: `l${n}`,
    variant: n % 2 === 0 ? "a" : "b",
    at: START,
  }));
  await ingestExposures(db, id, subjects);
  await ingestEvents(
    db,
    subjects.flatMap(({ subject, variant }, n) => [
      {
        id: `l stamp ${n}`,
        subject,
        metric: "stamp",
        value: 1.7e12 + 1e3 * normal() + (variant === "b" ? 1e3 : 0),
        at: START + 1,
      },
      { id: `l base ${n}`, subject, metric: "base", value: 1.7e12, at: START + 1 },
    ]),
  );
  const { metrics, verdict } = await readResults(db, await readExperiment(db, "large"), START + DAY_MS);
  const [stamp] = metrics[0]?.comparisons ?? [];
  assert.ok(Math.abs((stamp?.effect ?? 0) * 1.7e12 - 1e3) < 300, JSON.stringify(stamp));
  assert.ok(Math.abs((stamp?.stderr ?? 0) * 1.7e12 - 100) < 10, JSON.stringify(stamp));
  assert.equal(verdict.decision, "ship");
  assert.ok((metrics[1]?.comparisons[0]?.stderr ?? 0) > 0, "the ratio too");
});
