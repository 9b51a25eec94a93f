import assert from "node:assert/strict";
import { test } from "node:test";
import { countExpectedAlerts, thinScoredPoints } from "#lib/anomalies/backtest.ts";
import { anomalyConfidence, anomalySeverity } from "#lib/anomalies/confidence.ts";
import { ALERT_THRESHOLD } from "#lib/anomalies/detector.ts";
import { alertThresholdFor, feedbackFactor, policyFor } from "#lib/anomalies/policy.ts";
import { incidentSeverity, rankMembers } from "#lib/anomalies/rank-incident.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import { DAY_MS } from "#lib/time/durations.ts";

const DAY = 86_400_000;

test("sensitivity halves and doubles the evidence that is needed", () => {
  assert.equal(alertThresholdFor(5), ALERT_THRESHOLD);
  assert.equal(alertThresholdFor(10), ALERT_THRESHOLD / 2);
  assert.equal(alertThresholdFor(0), ALERT_THRESHOLD * 2);
});

test("a host's own override comes before that for all hosts, and that before the settings", () => {
  const none = { enabled: null, sensitivity: null, seasonal: null };
  const overrides = [
    { ...none, hostId: 0, metric: "cpu.usage", sensitivity: 0 },
    { ...none, hostId: 7, metric: "cpu.usage", sensitivity: 10 },
    { ...none, hostId: 7, metric: "system.uptime", enabled: true },
  ];
  const policy = (hostId: number, metric: string) =>
    policyFor({ settings: DEFAULT_SETTINGS, overrides }, hostId, metric);
  assert.deepEqual(policy(7, "cpu.usage"), {
    enabled: true,
    alertThreshold: alertThresholdFor(10),
    seasonal: true,
  });
  assert.equal(policy(8, "cpu.usage").alertThreshold, alertThresholdFor(0));
  assert.equal(policy(8, "memory.usage").alertThreshold, alertThresholdFor(5));
  assert.equal(policy(8, "system.uptime").enabled, false);
  assert.equal(policy(7, "system.uptime").enabled, true);
  const off = policyFor({ settings: { ...DEFAULT_SETTINGS, detection: false }, overrides }, 7, "cpu.usage");
  assert.equal(off.enabled, false);
});

test("a false alarm raises the alert threshold by half and is half forgotten after 30 days", () => {
  assert.equal(feedbackFactor([], 0), 1);
  assert.equal(feedbackFactor([0], 0), 1.5);
  assert.ok(Math.abs(feedbackFactor([0], 30 * DAY_MS) - Math.sqrt(1.5)) < 1e-12);
  assert.equal(feedbackFactor([0, 0], 0), 2.25);
});

test("an incident ranks its anomalies by onset and contribution, and is more severe when there are many", () => {
  const member = (metric: string, minute: number, evidence: number) => ({
    metric,
    detectedAt: new Date(minute * 60_000),
    evidence,
    severity: anomalySeverity(anomalyConfidence(evidence)),
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

test("expected alerts are counted by day, and thinning keeps the worst point of each stretch", () => {
  const points = Array.from({ length: 2_880 }, (_, n) => ({
    at: n * 60_000,
    value: n,
    expected: 0,
    deviation: 1,
    score: n % 100 === 50 ? 0.9 : 0.1,
  }));
  const alerts = countExpectedAlerts({ points, events: [1, 2, DAY + 5] });
  assert.deepEqual([alerts.days, alerts.raised, alerts.worstDay], [2, 3, 2]);
  const thin = thinScoredPoints(points, 29);
  assert.equal(thin.length, 29);
  assert.ok(thin.filter(({ score }) => score === 0.9).length >= 28);
});
