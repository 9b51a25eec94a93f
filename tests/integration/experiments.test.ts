import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { before, test } from "node:test";
import type { Database } from "#lib/db/client.ts";
import { assignSubject, recordExposures } from "#lib/experiments/assign-subjects.ts";
import { judgeRunning, queueWaitingWebhooks, sendVerdicts } from "#lib/experiments/judge-running.ts";
import { listExperiments, readExperiment, readHistory, readVerdicts } from "#lib/experiments/read-experiments.ts";
import { readDimensions, readResults, readTimeline } from "#lib/experiments/read-results.ts";
import { ingestEvents, ingestExposures } from "#lib/experiments/record-events.ts";
import { amendExperiment, createExperiment, moveExperiment, writeDraft } from "#lib/experiments/write-experiments.ts";
import { listFailures } from "#lib/jobs/failures.ts";
import { QUEUES, sendJob } from "#lib/jobs/queue.ts";
import { sendWebhook } from "#lib/notify/webhook.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { people, plan, START, startExperiment, USER } from "../support/experiments.ts";
import { addHistory } from "../support/history.ts";

process.env.OUTGOING_ALLOW = "127.0.0.1";

let db: Database;
let url: string;

before(async () => {
  ({ db, url } = await freshDatabase());
});

const started = (key: string, more: object = {}, at = START) => startExperiment(db, key, more, at);

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
  /** Twenty at a time, as visitors come. */
  const askAll = async () => {
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    for (let n = 0; n < 400; n += 20)
      answers.push(...(await Promise.all(Array.from({ length: 20 }, (_, i) => ask(n + i)))));
    return answers;
  };
  const first = await askAll();
  assert.deepEqual(await askAll(), first);
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
