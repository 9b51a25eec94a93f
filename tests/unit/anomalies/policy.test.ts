import assert from "node:assert/strict";
import { test } from "node:test";
import { noiseOf, thinJudged } from "#lib/anomalies/backtest.ts";
import { confidenceOf, severityOf } from "#lib/anomalies/confidence.ts";
import { THRESHOLD } from "#lib/anomalies/detector.ts";
import { incidentSeverity, rankMembers } from "#lib/anomalies/incident.ts";
import { barFor, feedbackFactor, policyFor } from "#lib/anomalies/policy.ts";
import { hourText, limitReason, reasonFor } from "#lib/anomalies/reason.ts";
import { LIMIT_START, watchLimit } from "#lib/anomalies/thresholds.ts";
import { DEFAULT_SETTINGS } from "#lib/settings/schema.ts";
import { DAY_MS } from "#lib/time/durations.ts";

const MONDAY_9 = Date.UTC(2026, 10, 23, 9, 30);

test("a limit is raised by three samples in a row, and left only clearly below it", () => {
  const states = (values: number[]) => {
    let state = LIMIT_START;
    return values.map((value) => {
      state = watchLimit(state, value, 80);
      return state.raised;
    });
  };
  assert.deepEqual(states([81, 81, 79, 81, 81, 80]), [false, false, false, false, false, true]);
  assert.deepEqual(states([90, 90, 90, 79, 78, 77, 75, 75, 75]), [
    false,
    false,
    true,
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
});

test("sensitivity halves and doubles the evidence that is needed", () => {
  assert.equal(barFor(5), THRESHOLD);
  assert.equal(barFor(10), THRESHOLD / 2);
  assert.equal(barFor(0), THRESHOLD * 2);
});

test("a host's own override comes before that for all hosts, and that before the settings", () => {
  const none = { enabled: null, sensitivity: null, limit: null, seasonal: null };
  const overrides = [
    { ...none, hostId: 0, metric: "cpu.usage", limit: 95, sensitivity: 0 },
    { ...none, hostId: 7, metric: "cpu.usage", limit: 99 },
    { ...none, hostId: 7, metric: "system.uptime", enabled: true },
  ];
  const policy = (hostId: number, metric: string) =>
    policyFor({ settings: DEFAULT_SETTINGS, overrides }, hostId, metric);
  assert.deepEqual(policy(7, "cpu.usage"), { enabled: true, bar: barFor(0), limit: 99, seasonal: true });
  assert.equal(policy(8, "cpu.usage").limit, 95);
  assert.equal(policy(8, "memory.usage").limit, 85);
  assert.equal(policy(8, "load.1m").limit, undefined);
  assert.equal(policy(8, "system.uptime").enabled, false);
  assert.equal(policy(7, "system.uptime").enabled, true);
  const off = policyFor({ settings: { ...DEFAULT_SETTINGS, detection: false }, overrides }, 7, "cpu.usage");
  assert.equal(off.enabled, false);
});

test("a false alarm raises the bar by half and is half forgotten after 30 days", () => {
  assert.equal(feedbackFactor([], 0), 1);
  assert.equal(feedbackFactor([0], 0), 1.5);
  assert.ok(Math.abs(feedbackFactor([0], 30 * DAY_MS) - Math.sqrt(1.5)) < 1e-12);
  assert.equal(feedbackFactor([0, 0], 0), 2.25);
});

test("an incident names what moved first, what weighs most, and is graver when many move", () => {
  const member = (metric: string, minute: number, evidence: number) => ({
    metric,
    detectedAt: new Date(minute * 60_000),
    evidence,
    severity: severityOf(confidenceOf(evidence)),
  });
  const ranked = rankMembers([member("a", 3, 1), member("b", 1, 1), member("c", 2, 2), member("d", 1, 0)]);
  assert.deepEqual(
    ranked.map(({ metric, order, contribution }) => [metric, order, contribution]),
    [
      ["c", 2, 0.5],
      ["b", 1, 0.25],
      ["a", 3, 0.25],
      ["d", 1, 0],
    ],
  );
  assert.equal(incidentSeverity([{ severity: "warning" }]), "warning");
  assert.equal(incidentSeverity(Array.from({ length: 4 }, () => ({ severity: "warning" as const }))), "critical");
  assert.equal(incidentSeverity(Array.from({ length: 9 }, () => ({ severity: "critical" as const }))), "critical");
});

test("a reason says what was measured, what is usual for the hour, and for how long it was not seen", () => {
  const why = {
    type: "spike",
    direction: "up",
    record: true,
    expected: 30,
    deviation: 4,
    since: MONDAY_9 - 21 * DAY_MS,
  } as const;
  assert.equal(
    reasonFor(why, { value: 93, at: MONDAY_9, unit: "percent", rate: false }),
    "93.0 %, 3.1× the 30.0 % usual for Monday 09:00; sudden; not seen in 21 days",
  );
  assert.equal(
    reasonFor({ ...why, type: "shift", record: false }, { value: 34, at: MONDAY_9, unit: "percent", rate: false }),
    "34.0 %, 4.0 % above the 30.0 % usual for Monday 09:00, 1.0× its usual distance; stays at a new level",
  );
  assert.match(
    reasonFor(why, { value: 3, at: MONDAY_9, unit: "bytes", rate: true }),
    /^3 B\/s, 10 % of the 30 B\/s usual/,
  );
  assert.match(
    limitReason(80, { value: 91, at: 0, unit: "percent", rate: false }),
    /^91.0 %, over the limit of 80.0 %/,
  );
  assert.equal(hourText(Date.UTC(2026, 10, 29, 23, 59)), "Sunday 23:00");
});

test("the noise budget counts by day, and thinning keeps the worst point of each stretch", () => {
  const points = Array.from({ length: 2_880 }, (_, n) => ({
    at: n * 60_000,
    value: n,
    expected: 0,
    deviation: 1,
    score: n % 100 === 50 ? 0.9 : 0.1,
  }));
  const noise = noiseOf({ points, events: [1, 2, DAY_MS + 5].map((at) => ({ at, byLimit: false })) });
  assert.deepEqual([noise.days, noise.raised, noise.worstDay], [2, 3, 2]);
  const thin = thinJudged(points, 29);
  assert.equal(thin.length, 29);
  assert.ok(thin.filter(({ score }) => score === 0.9).length >= 28);
});
