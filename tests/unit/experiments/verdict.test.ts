import assert from "node:assert/strict";
import { test } from "node:test";
import { experimentSchema, planSchema } from "#lib/contract/experiment-plans.ts";
import { assign, hashToUnit, switchedTo, variantAt } from "#lib/experiments/assign.ts";
import type { Comparison, MetricResult } from "#lib/experiments/results.ts";
import { judge, type Situation } from "#lib/experiments/verdict.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

function metric(
  role: MetricResult["role"],
  effect: number,
  stderr: number,
  more: Partial<MetricResult> = {},
): MetricResult {
  const ci: [number, number] = [effect - 2 * stderr, effect + 2 * stderr];
  const comparison: Comparison = {
    ...{
      variant: "b",
      scale: "relative" as const,
      base: 1,
      effect,
      ci,
      stderr,
      p: 0.5,
      adjustedP: 0.5,
      method: "test",
      chanceToWin: 0.5,
    },
    ...{ risk: [0, 0], posteriorCi: ci, improvement: effect, improvementCi: ci },
  };
  return {
    ...{ key: role, name: role, role, category: "performance", better: "up", minEffect: 0, margin: 0.02 },
    ...{ arms: [], comparisons: [comparison] },
    ...more,
  };
}

const verdict = (metrics: MetricResult[], more: Partial<Situation> = {}) =>
  judge({
    plan: planSchema.parse({ maxDays: 14 }),
    metrics,
    quality: { srm: 0.5, mixed: 0, warnings: [] },
    ...{ fewest: 1_000, required: 100, counted: "subjects" as const, runningDays: 3 },
    ...more,
  });

test("a verdict follows from the criteria that were set, each with its reason", () => {
  const cases: [string, string, RegExp, MetricResult[], Partial<Situation>?][] = [
    ["ship", "success", /primary improves by \+5\.0 %/, [metric("primary", 0.05, 0.01), metric("guardrail", 0, 0.005)]],
    ["keep_running", "open", /^primary is not significant yet/, [metric("primary", 0.01, 0.02)]],
    [
      "keep_running",
      "open",
      /^primary improves by \+5\.0 %, below its minimum effect of \+6\.0 %$/,
      [metric("primary", 0.05, 0.01, { minEffect: 0.06 }), metric("guardrail", 0, 0.005)],
    ],
    [
      "keep_running",
      "open",
      /^guardrail has no results yet$/,
      [metric("primary", 0.05, 0.01), metric("guardrail", 0, 0.01, { comparisons: [] })],
    ],
    [
      "keep_running",
      "open",
      /^guardrail may be worse than its margin/,
      [metric("primary", 0.05, 0.01), metric("guardrail", 0, 0.02)],
    ],
    ["roll_back", "harm", /primary gets worse/, [metric("primary", -0.05, 0.01)]],
    [
      "roll_back",
      "harm",
      /guardrail is worse than its margin of −2\.0 %/,
      [metric("primary", 0.05, 0.01), metric("guardrail", -0.05, 0.01)],
    ],
    [
      "inconclusive",
      "futility",
      /cannot reach its minimum effect of \+10\.0 %/,
      [metric("primary", 0.01, 0.01, { minEffect: 0.1 })],
    ],
    ["inconclusive", "duration", /maximum duration of 14 days/, [metric("primary", 0.01, 0.02)], { runningDays: 15 }],
    ["keep_running", "early", /20 of at least 100 subjects/, [metric("primary", 0.05, 0.01)], { fewest: 20 }],
    [
      "inconclusive",
      "broken",
      /split/,
      [metric("primary", 0.05, 0.01)],
      { quality: { srm: 1e-9, mixed: 0, warnings: ["the split is broken"] } },
    ],
  ];
  for (const [decision, rule, why, metrics, more] of cases) {
    const made = verdict(metrics, more);
    assert.deepEqual([made.decision, made.rule], [decision, rule]);
    assert.match(made.reasons.join("; "), why);
  }
});

test("the canary score falls with what may be worse, and is 0 once harm is sure", () => {
  const scores = [0.05, 0, -0.02, -0.1].map((effect) => verdict([metric("primary", effect, 0.01)]).canary);
  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => (b ?? 0) - (a ?? 0)),
  );
  assert.equal(scores[0], 100);
  assert.equal(scores.at(-1), 0);
});

test("the record has each figure with its interval and how it was made", () => {
  const { record } = verdict([
    metric("primary", 0.05, 0.01, { category: "efficiency" }),
    metric("secondary", -0.02, 0.01, { category: "quality" }),
  ]);
  assert.ok(Math.abs((record.efficiency_improvement?.value ?? 0) - 0.05) < 1e-12);
  assert.ok((record.quality_improvement?.interval[1] ?? 1) < 0.001);
  assert.equal(record.performance_impact, null);
  assert.ok((record.success_probability?.value ?? 0) > 0.99);
  assert.match(record.success_probability?.how ?? "", /chance that every primary/);
});

const plan = planSchema.parse({});
const variants = [
  { key: "a", weight: 1 },
  { key: "b", weight: 1 },
];

test("subjects are spread evenly, independently of other experiments, and stay when the traffic allocation grows", () => {
  const subjects = Array.from({ length: 20_000 }, (_, n) => `user-${n}`);
  const assigned = (key: string, trafficAllocation = 1) =>
    subjects.map((subject) => assign({ key, plan: { ...plan, trafficAllocation }, variants }, subject).variant);
  const [full, other, half] = [assigned("checkout"), assigned("other"), assigned("checkout", 0.5)];
  const count = (all: (string | null)[], wanted: string | null) => all.filter((variant) => variant === wanted).length;
  assert.ok(Math.abs(count(full, "a") - 10_000) < 300, `${count(full, "a")}`);
  const both = full.filter((variant, n) => variant === "a" && other[n] === "a").length;
  assert.ok(Math.abs(both - 5_000) < 300, `${both}`);
  assert.ok(Math.abs(count(half, null) - 10_000) < 300);
  half.forEach((variant, n) => {
    if (variant) assert.equal(variant, full[n]);
  });
});

test("targeting, exclusion and weights decide who takes part", () => {
  const targeted = {
    key: "t",
    variants,
    plan: planSchema.parse({
      targeting: [
        { attribute: "country", op: "in", value: ["DE", "FR"] },
        { attribute: "age", op: "above", value: 17 },
      ],
    }),
  };
  const reason = (attributes: Record<string, string | number>) => assign(targeted, "x", attributes).reason;
  assert.deepEqual(
    [reason({ country: "DE", age: 18 }), reason({ country: "US", age: 18 }), reason({ country: "FR" })],
    ["assigned", "targeting", "targeting"],
  );
  const group = (from: number, to: number) => ({
    key: "e",
    variants,
    plan: { ...plan, exclusion: { group: "g", from, to } },
  });
  for (let n = 0; n < 500; n++) {
    const [first, second] = [group(0, 0.5), group(0.5, 1)].map((plan) => assign(plan, `s${n}`).variant !== null);
    assert.notEqual(first, second);
  }
  assert.equal(
    variantAt(
      [
        { key: "a", weight: 0 },
        { key: "b", weight: 1 },
      ],
      0,
    ),
    "b",
  );
  assert.ok(hashToUnit("seed", "subject") < 1 && hashToUnit("seed", "subject") >= 0);
});

test("a switchback has each variant once in every pair of periods", () => {
  const experiment = { key: "s", plan: planSchema.parse({ periodMinutes: 60 }), variants };
  const at = (hour: number) => switchedTo(experiment, 0, hour * HOUR_MS + 1);
  const order = Array.from({ length: 100 }, (_, pair) => [at(2 * pair), at(2 * pair + 1)].join(""));
  assert.ok(order.every((pair) => pair === "ab" || pair === "ba"));
  assert.ok(new Set(order).size === 2);
  assert.equal(at(-1), null);
});

test("what is wrong with a plan is named by field", () => {
  const problems = (input: object) => {
    const parsed = experimentSchema.safeParse({
      ...{ key: "x", name: "X", variants: [{ key: "a" }, { key: "b" }] },
      metrics: [{ key: "m", role: "primary", event: "e" }],
      ...input,
    });
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
  };
  assert.deepEqual(problems({}), []);
  assert.deepEqual(problems({ key: "Not A Key" }), ["key"]);
  assert.deepEqual(problems({ variants: [{ key: "a" }, { key: "a" }] }), ["variants"]);
  assert.deepEqual(problems({ metrics: [{ key: "m", event: "e" }] }), ["metrics"]);
  assert.deepEqual(problems({ metrics: [{ key: "m", role: "primary", kind: "ratio", event: "e" }] }), [
    "metrics.0.denominator",
  ]);
  assert.deepEqual(problems({ metrics: [{ key: "m", role: "primary" }] }), ["metrics.0.event"]);
  assert.deepEqual(problems({ kind: "hosts" }).sort(), ["metrics.0.series", "variants"]);
});
