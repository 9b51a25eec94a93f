import assert from "node:assert/strict";
import { test } from "node:test";
import { metricSchema, planSchema } from "#lib/contract/experiment-plans.ts";
import { metricResult } from "#lib/experiments/results.ts";
import { judge } from "#lib/experiments/verdict.ts";

const metric = metricSchema.parse({ key: "orders", role: "primary", event: "order", category: "efficiency" });
const totals = (n: number, mean: number) => ({
  ...{ n, sum: n * mean, sumSquares: n * (mean ** 2 + 4), preSum: 0, preSquares: 0, preProduct: 0 },
  ...{ denominatorSum: 0, denominatorSquares: 0, denominatorProduct: 0 },
});

function judged(planInput: object, more: object = {}) {
  const plan = planSchema.parse(planInput);
  const result = metricResult(plan, { ...metric, ...more }, [
    { key: "control", totals: totals(400, 2) },
    { key: "treatment", totals: totals(400, 2.2) },
  ]);
  const quality = { srm: 1, mixed: 0, warnings: [] };
  const judgement = judge({
    plan,
    metrics: [result],
    quality,
    fewest: 400,
    required: 100,
    counted: "subjects",
    runningDays: 3,
  });
  const [comparison] = result.comparisons;
  assert.ok(comparison);
  return { comparison, judgement };
}

test("with a prior the chance of success is the one that the results table shows", () => {
  for (const better of ["up", "down"] as const) {
    const { comparison, judgement } = judged({ engine: "bayes", priorSd: 0.03 }, { better });
    const chance = judgement.record.success_probability?.value ?? 0;
    assert.ok(Math.abs(chance - comparison.chanceToWin) < 1e-9, `${chance} against ${comparison.chanceToWin}`);
  }
  assert.ok(judged({ engine: "bayes", priorSd: 0.03 }).comparison.stderr < 0.03);
});

test("the record's interval is the table's, whatever the engine and level, and names its level", () => {
  for (const engine of ["sequential", "fixed", "bayes"]) {
    for (const alpha of [0.05, 0.1, 0.01]) {
      const { comparison, judgement } = judged({ engine, alpha, priorSd: 0.05 });
      const figure = judgement.record.efficiency_improvement;
      assert.ok(figure);
      figure.interval.forEach((end, n) => {
        assert.ok(Math.abs(end - (comparison.improvementCi[n] as number)) < 1e-12, `${engine} at ${alpha}`);
      });
      assert.ok(figure.how.includes(`${100 - 100 * alpha} % interval`), figure.how);
    }
  }
});
