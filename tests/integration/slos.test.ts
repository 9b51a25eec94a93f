import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { evaluateExpressions } from "#lib/alerts/evaluate-expressions.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import { listRules, removeRule } from "#lib/alerts/rules.ts";
import { sloSchema } from "#lib/contract/slos.ts";
import type { Database } from "#lib/db/client.ts";
import { queryInstant } from "#lib/promql/engine.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { countEvents } from "#lib/slo/count-events.ts";
import { storeCounts } from "#lib/slo/counts.ts";
import { listSloFigures, previewSlo, readSloFigures } from "#lib/slo/read-slos.ts";
import { createSlo, moveSlos, readSlo, removeSlo, replaceSlo } from "#lib/slo/slos.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { addHost, freshDatabase } from "../support/database.ts";

const START = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 12 * HOUR_MS;
const STEP_MS = 10 * SECOND_MS;
const at = (minute: number) => START + minute * MINUTE_MS;

let db: Database;
let hostId: number;

/** Ten requests each ten seconds for eight hours, of which half fail in minutes 400 to 430. */
const isBad = (time: number) => time > at(400) && time <= at(430);
const totals = { ok: 0, error: 0 };

before(async () => {
  ({ db } = await freshDatabase());
  await addHost(db, "portal");
  ({ id: hostId } = await db.host.create({
    data: { machineId: "input-of-slos", name: "spans", hostname: "spans", system: { kind: "input" } },
  }));
  const frames = Array.from({ length: 480 * 6 + 1 }, (_, n) => {
    const time = START + n * STEP_MS;
    totals.ok += isBad(time) ? 5 : 10;
    totals.error += isBad(time) ? 5 : 0;
    const labels = { job: "shop", operation: "GET /", "span.kind": "server" };
    const part = (suffix: string, value: number, more: Record<string, string>) => ({
      ...{ metric: `traces.span.duration${suffix}`, labels: { ...labels, ...more }, value },
      ...{ unit: "s", kind: "histogram" as const },
    });
    return {
      source: { kind: "otlp", name: "spans" },
      ...{ at: time, intervalMs: STEP_MS },
      readings: [
        part("_count", totals.ok, { status: "ok" }),
        part("_count", totals.error, { status: "error" }),
        part("_bucket", Math.floor(totals.ok / 2), { status: "ok", le: "0.25" }),
        part("_bucket", 0, { status: "error", le: "0.25" }),
      ],
    };
  });
  await new FrameWriter(db, new Registry(db)).appendAll(hostId, frames);
});

const input = (more: object = {}) =>
  sloSchema.parse({
    ...{ name: "Shop answers", objective: 99, windowDays: 7 },
    indicator: { kind: "availability", host: hostId, service: "shop" },
    ...more,
  });

const near = (a: number | null, b: number, by = 1e-9) =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) <= by, `${a} for ${b}`);

test("the SLI, the budget and the burn are those of a calculation by hand, and of PromQL over the samples", async () => {
  const { id } = await createSlo(db, input({ alerts: false }), null);
  await countEvents(db, { now: at(480) });
  const figures = await readSloFigures(db, id, at(480));
  assert.equal(figures.total, 480 * 60);
  assert.equal(figures.failed, 30 * 30);
  near(figures.sli, 1 - 900 / 28_800);
  near(figures.budgetLeft, 1 - 900 / 288);
  assert.equal(figures.state, "exceeded");
  near(figures.burnHour, (10 * 30) / (60 * 60) / 0.01);
  near(figures.budget.at(-1)?.[1] ?? null, figures.budgetLeft ?? 0);
  const reader = new StoreReader(db, [{ id: hostId, name: "spans" }]);
  const increase = (status: string) => `sum(increase(traces_span_duration_count{${status}}[460m]))`;
  const share = await queryInstant(reader, `${increase('status="error"')} / ${increase("")}`, at(470));
  near(share.type === "vector" ? (share.samples[0]?.value ?? 0) : 0, 900 / (460 * 60), 1e-6);
  await removeSlo(db, id);
});

test("the share of requests within a bound is the SLI of latency", async () => {
  const latency = { kind: "latency", host: hostId, service: "shop", seconds: "0.25" };
  const preview = await previewSlo(db, input({ indicator: latency, objective: 50 }), at(300));
  assert.equal(preview.total, 300 * 60);
  near(preview.sli, 0.5);
  near(preview.budgetLeft, 0);
});

test("minutes that are counted twice, after a kill and after late samples, are there once", async () => {
  const { id, revision } = await createSlo(db, input({ alerts: false }), null);
  await countEvents(db, { now: at(100) });
  const rows = () => db.sloCount.findMany({ where: { sloId: id }, orderBy: { at: "asc" } });
  const first = await rows();
  assert.equal(first.length, 100);
  await countEvents(db, { now: at(100) });
  assert.deepEqual(await rows(), first);
  const part = { sloId: id, revision, from: at(50), to: at(60) };
  const wrong = [
    { at: at(50), good: 1, total: 1 },
    { at: at(50), good: 1, total: 1 },
  ];
  await assert.rejects(storeCounts(db, part, wrong), "what fails between two writes");
  assert.deepEqual(await rows(), first, "changes nothing");
  assert.equal(
    await storeCounts(db, { ...part, revision: revision + 1 }, []),
    false,
    "nor does what another change overtook",
  );
  await countEvents(db, { now: at(101) });
  assert.deepEqual((await rows()).slice(0, 100), first);
  const other = input({ alerts: false, indicator: { kind: "availability", host: hostId, service: "none" } });
  await replaceSlo(db, id, other, null);
  await countEvents(db, { now: at(101) });
  const [figures] = await listSloFigures(db, at(101));
  assert.deepEqual(
    [figures?.state, figures?.sli, figures?.budgetLeft, figures?.dataFrom],
    ["no_data", null, null, null],
  );
  await removeSlo(db, id);
});

test("a budget that burns fast pages somebody within minutes, and the alert ends with the failures; its rules go with the SLO", async () => {
  const slo = await createSlo(db, input({ windowDays: 30, name: "Shop {{ answers }}" }), null);
  assert.equal(slo.ruleIds.length, 2);
  await countEvents(db, { now: at(390) });
  const seen: string[] = [];
  for (const minute of [409, 416, 417, 418, 430, 433, 434]) {
    await countEvents(db, { now: at(minute) + 3 * SECOND_MS });
    const { transitions } = await evaluateExpressions(db, at(minute) + 5 * SECOND_MS);
    await evaluateAlerts(db, at(minute) + 5 * SECOND_MS);
    const pages = transitions.filter(({ severity }) => severity === "critical");
    seen.push(...pages.map(({ state }) => `${minute} ${state}`));
  }
  // 14.4 % of an hour's requests have failed after 17.28 minutes of half of them.
  // Of the five minutes before 433 two failed by half, 20 %; of those before 434 one, 10 %.
  assert.deepEqual(seen, ["418 firing", "434 resolved"]);
  const alerts = await listAlerts(db, { from: 0, to: at(480), limit: 10 });
  const alert = alerts.find(({ ruleId }) => ruleId === slo.ruleIds[0]);
  assert.match(alert?.summary ?? "", /burns 25 times as fast as 99 % allows/);
  assert.match(alert?.runbook ?? "", new RegExp(`/slos/${slo.id}$`));
  await removeRule(db, slo.ruleIds[0] as number);
  await removeSlo(db, slo.id);
  assert.deepEqual(
    (await listRules(db)).filter(({ labels }) => labels.slo),
    [],
  );
});

test("fewer failures than are set wake nobody; an SLO that cannot be counted says why and stops no other", async () => {
  const quiet = await createSlo(db, input({ minFailed: 1_000_000 }), null);
  const bad = await createSlo(db, input({ name: "Other", alerts: false }), null);
  await db.slo.update({ where: { id: bad.id }, data: { indicator: { kind: "ratio", good: "up{", total: "up" } } });
  await countEvents(db, { now: at(425) });
  await evaluateExpressions(db, at(425) + 5 * SECOND_MS);
  assert.equal(
    (await listAlerts(db, { from: at(424), to: at(480), limit: 10 })).filter(({ ruleId }) =>
      quiet.ruleIds.includes(ruleId),
    ).length,
    0,
  );
  assert.ok((await readSlo(db, bad.id)).problem);
  assert.equal((await readSlo(db, quiet.id)).countedTo?.getTime(), at(425));
});

test("an SLO goes on with the host that another one is merged into", async () => {
  const { id } = await createSlo(db, input({ name: "Moved", alerts: false }), null);
  await moveSlos(db, { from: hostId, into: 77 });
  assert.deepEqual((await readSlo(db, id)).indicator, { ...input().indicator, host: 77 });
  await removeSlo(db, id);
  await moveSlos(db, { from: 77, into: hostId });
});

test("an SLO of selectors that cannot be read, or of a host that there is not, is refused by its field", async () => {
  const field = async (indicator: object) => {
    try {
      await createSlo(db, input({ name: "Refused", indicator }), null);
    } catch (error) {
      return (error as { fields?: { field: string }[] }).fields?.[0]?.field;
    }
    return undefined;
  };
  assert.equal(await field({ kind: "ratio", good: "up{", total: "up" }), "indicator.good");
  assert.equal(await field({ kind: "ratio", good: "up", total: "rate(up[5m])" }), "indicator.total");
  assert.equal(await field({ kind: "availability", host: 2_147_483_647, service: "shop" }), "indicator.host");
  assert.equal(await field({ kind: "check", check: 2_147_483_647 }), "indicator.check");
});

const writer = () => new FrameWriter(db, new Registry(db));

test("counters beyond any count of events are refused in words, and take no other SLO with them", async () => {
  const huge = [0, 1e308, 1.7e308, 0, 1e308];
  const frames = huge.map((value, n) => ({
    source: { kind: "otlp", name: "huge" },
    ...{ at: at(20 + n), intervalMs: MINUTE_MS },
    readings: [{ metric: "f.huge", labels: {}, value, kind: "counter" as const }],
  }));
  await writer().appendAll(hostId, frames);
  const selector = { kind: "ratio", good: "f_huge", total: "f_huge" };
  await assert.rejects(
    previewSlo(db, input({ indicator: selector }), at(30)),
    /events in the minute.*counter of events/,
  );
  const { id } = await createSlo(db, input({ name: "Huge", indicator: selector, alerts: false }), null);
  await countEvents(db, { now: at(480) });
  const listed = await listSloFigures(db, at(480));
  assert.match(listed.find((slo) => slo.id === id)?.problem ?? "", /counter of events/);
  assert.ok(listed.some(({ total }) => total > 0));
  await removeSlo(db, id);
});

test("the SLO of a check counts the runs of that check, whatever its name was and whoever else sends some", async () => {
  const check = await db.uptimeCheck.create({
    data: { name: "before", kind: "tcp", target: "127.0.0.1:9", intervalMs: MINUTE_MS, timeoutMs: 1_000, options: {} },
  });
  const run = (minute: number, name: string, value: number, source = { kind: "check", name: String(check.id) }) => ({
    ...{ source, at: at(minute), intervalMs: MINUTE_MS },
    readings: [{ metric: "check.up", labels: { check: name }, value }],
  });
  const portal = await db.host.findFirstOrThrow({ where: { name: "portal" } });
  await writer().appendAll(portal.id, [
    ...Array.from({ length: 10 }, (_, n) => run(n, "before", 0)),
    ...Array.from({ length: 10 }, (_, n) => run(10 + n, "after", n === 0 ? 0 : 1)),
  ]);
  const forged = Array.from({ length: 600 }, (_, n) => run(n % 20, "after", 1, { kind: "otlp", name: "forged" }));
  await writer().appendAll(hostId, forged);
  await db.uptimeCheck.update({ where: { id: check.id }, data: { name: "after" } });
  const indicator = { kind: "check", check: check.id };
  const { total, failed, from } = await previewSlo(db, input({ indicator }), at(30));
  assert.deepEqual([total, failed], [20, 11]);
  assert.equal(from.getTime(), at(0) - MINUTE_MS, "of the minute of the first run");
  const { id } = await createSlo(db, input({ name: "Uptime", indicator, alerts: false }), null);
  await countEvents(db, { now: at(30) });
  assert.equal((await readSloFigures(db, id, at(30))).state, "exceeded");
  await db.uptimeCheck.delete({ where: { id: check.id } });
  await countEvents(db, { now: at(32) });
  const gone = await readSloFigures(db, id, at(32));
  assert.equal(gone.state, "no_data", "nobody knows how it is");
  assert.match(gone.problem ?? "", /no check/);
});

test("of two that change an SLO at once the last one's figures are in its rules, and what is deleted leaves none", async () => {
  const { id } = await createSlo(db, input({ name: "Shared" }), null);
  for (let round = 0; round < 8; round++) {
    const change = (minFailed: number) => replaceSlo(db, id, input({ name: "Shared", minFailed }), null);
    await Promise.all([change(7_777 + round), change(5 + round)]);
    const slo = await readSlo(db, id);
    const own = (await listRules(db)).filter((rule) => slo.ruleIds.includes(rule.id));
    assert.equal(own.length, 2);
    for (const { condition } of own) assert.match(JSON.stringify(condition), new RegExp(`>= ${slo.minFailed}\\b`));
  }
  const [changed, removed] = await Promise.allSettled([
    replaceSlo(db, id, input({ name: "Shared", minFailed: 9 }), null),
    removeSlo(db, id),
  ]);
  assert.equal(removed.status, "fulfilled");
  if (changed.status === "rejected") assert.equal(changed.reason.type, "not-found");
  assert.deepEqual(
    (await listRules(db)).filter(({ labels }) => labels.slo === "Shared"),
    [],
  );
});
