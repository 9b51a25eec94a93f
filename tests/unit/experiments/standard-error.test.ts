import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "#lib/contract/experiment-plans.ts";
import { metricSchema, planSchema } from "#lib/contract/experiment-plans.ts";
import { beforeAfterResult, hostsResult, switchbackResult } from "#lib/experiments/host-results.ts";
import type { MetricResult } from "#lib/experiments/results.ts";
import { judge } from "#lib/experiments/verdict.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";

const HOUR = 3_600_000;
const START = 14 * 24 * HOUR;

/** A host's CPU in percent, every ten minutes for 17 days, and what it differs by once the experiment has started. */
function cpu(seed: number, change = 0): [number, number][] {
  const normal = seededNormal(seededRandom(seed));
  return Array.from({ length: 17 * 144 }, (_, n) => {
    const at = n * 600_000;
    return [at, 40 + 10 * Math.sin((at / (24 * HOUR)) * 2 * Math.PI) + 3 * normal() + (at >= START ? change : 0)];
  });
}

const metric = metricSchema.parse({ key: "cpu", role: "primary", series: "cpu.usage", better: "down" });
const names: [string, string] = ["before", "after"];

const KINDS: Record<string, (plan: Plan) => MetricResult> = {
  canary: (plan) => {
    const control = { variant: "control", points: cpu(1) };
    return hostsResult(plan, metric, [control, { variant: "treatment", points: cpu(2, -0.1) }], START);
  },
  "before and after": (plan) => beforeAfterResult(plan, metric, names, cpu(3, -0.1), START),
  switchback: (plan) => {
    const period = (at: number) => Math.floor((at - START) / HOUR);
    return switchbackResult(plan, metric, names, cpu(4), (at) => names[period(at) % 2] ?? null, START);
  },
};

/** What is said of the same data at a level of significance. */
function judgedAt(alpha: number, resultOf: (plan: Plan) => MetricResult) {
  const plan = planSchema.parse({ alpha, engine: "fixed" });
  const result = resultOf(plan);
  const [comparison] = result.comparisons;
  assert.ok(comparison);
  const { stderr, chanceToWin } = comparison;
  const quality = { srm: 1, mixed: 0, warnings: [] };
  const { canary } = judge({
    plan,
    metrics: [result],
    quality,
    fewest: 1_000,
    required: 6,
    counted: "samples",
    runningDays: 3,
  });
  return { stderr, chanceToWin, canary, width: comparison.ci[1] - comparison.ci[0] };
}

test("the level of significance widens the interval and changes nothing else that is known of the data", () => {
  for (const [kind, resultOf] of Object.entries(KINDS)) {
    const [usual, strict, loose] = [0.05, 0.01, 0.2].map((alpha) => judgedAt(alpha, resultOf));
    assert.ok(usual && strict && loose);
    assert.ok(strict.width > usual.width && usual.width > loose.width, kind);
    for (const other of [strict, loose]) {
      assert.equal(other.stderr, usual.stderr, `${kind}: standard error`);
      assert.equal(other.chanceToWin, usual.chanceToWin, `${kind}: chance to win`);
      assert.equal(other.canary, usual.canary, `${kind}: canary score`);
    }
  }
});

test("a prior of the plan holds for hosts too: it draws the effect towards none and makes it surer", () => {
  for (const [kind, resultOf] of Object.entries(KINDS)) {
    const [flat, sceptical] = [null, 0.001].map(
      (priorSd) => resultOf(planSchema.parse({ engine: "bayes", priorSd })).comparisons[0],
    );
    assert.ok(flat && sceptical);
    assert.ok(Math.abs(sceptical.effect) < Math.abs(flat.effect), kind);
    assert.ok(sceptical.stderr < 0.001 && sceptical.stderr < flat.stderr, kind);
  }
});
