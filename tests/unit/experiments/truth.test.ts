import assert from "node:assert/strict";
import { test } from "node:test";
import { type MetricPlan, metricSchema, type Plan, planSchema } from "#lib/contract/experiment-plans.ts";
import type { VariantTotals } from "#lib/experiments/effects.ts";
import { beforeAfterResult, hostsResult, switchbackResult } from "#lib/experiments/host-results.ts";
import { type Comparison, type MetricResult, metricResult, quantileResult } from "#lib/experiments/results.ts";
import { type Judgement, judge } from "#lib/experiments/verdict.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

// What the figures say must be true of the data, whatever side of zero they lie on and however little they vary.

const ENGINES = ["sequential", "fixed", "bayes"] as const;

const planOf = (more: object = {}): Plan => planSchema.parse({ minSubjects: 20, ...more });
const metricOf = (more: object = {}): MetricPlan =>
  metricSchema.parse({ key: "m", role: "primary", kind: "mean", event: "e", ...more });

function totalsOf(values: number[]): VariantTotals {
  const sum = (pick: (value: number) => number) => values.reduce((all, value) => all + pick(value), 0);
  const none = { denominatorSum: 0, denominatorSquares: 0, denominatorProduct: 0, preSum: 0, preSquares: 0 };
  return { ...none, preProduct: 0, n: values.length, sum: sum((v) => v), sumSquares: sum((v) => v * v) };
}

const around = (mean: number, sd: number, n: number, seed: number) => {
  const normal = seededNormal(seededRandom(seed));
  return Array.from({ length: n }, () => mean + sd * normal());
};
const successes = (hits: number, n: number) => Array.from({ length: n }, (_, i) => Number(i < hits));

type Arms = [string, number[]][];
const resultOf = (plan: Plan, metric: MetricPlan, arms: Arms): MetricResult =>
  metricResult(
    plan,
    metric,
    arms.map(([key, values]) => ({ key, totals: totalsOf(values) })),
  );

function verdictOf(plan: Plan, metrics: MetricResult[], more: object = {}): Judgement {
  return judge({
    ...{ plan, metrics, quality: { srm: 1, mixed: 0, warnings: [] } },
    ...{ fewest: 500, required: 20, counted: "subjects" as const, runningDays: 3 },
    ...more,
  });
}

for (const engine of ENGINES)
  test(`a rise is above zero also from below zero, and the verdict agrees (${engine})`, () => {
    const plan = planOf({ engine });
    for (const [control, treatment, better, decision] of [
      [-10, -5, "up", "ship"],
      [-10, -15, "up", "roll_back"],
      [-10, -15, "down", "ship"],
      [-10, 5, "up", "ship"],
      [10, 5, "up", "roll_back"],
      [-1e-6, -2e-6, "up", "roll_back"],
      [-1e12, -2e12, "down", "ship"],
    ] as const) {
      const arms: Arms = [
        ["a", around(control, Math.abs(control) / 10, 200, 1)],
        ["b", around(treatment, Math.abs(control) / 10, 200, 2)],
      ];
      const result = resultOf(plan, metricOf({ better }), arms);
      const [comparison] = result.comparisons;
      const why = `${control} to ${treatment}, ${better}: ${JSON.stringify(comparison)}`;
      assert.equal(Math.sign(comparison?.effect ?? 0), Math.sign(treatment - control), why);
      assert.ok(Math.abs((comparison?.effect ?? 0) - (treatment - control) / Math.abs(control)) < 0.1, why);
      assert.equal(verdictOf(plan, [result]).decision, decision, why);
    }
  });

test("a baseline that may be zero has the difference itself, on its own scale", () => {
  const plan = planOf({ engine: "fixed" });
  const arms: Arms = [
    ["a", around(0, 5, 400, 3)],
    ["b", around(4, 5, 400, 4)],
  ];
  const [comparison] = resultOf(plan, metricOf(), arms).comparisons;
  assert.equal(comparison?.scale, "absolute");
  assert.ok(Math.abs((comparison?.effect ?? 0) - 4) < 1, JSON.stringify(comparison));
  const verdict = verdictOf(plan, [resultOf(plan, metricOf(), arms)]);
  assert.equal(verdict.decision, "ship");
  assert.match(verdict.reasons.join(), /improves by \+\d\.\d+ \(\+\d\.\d+ to \+\d\.\d+\)/);
});

const NOTHING: [string, "proportion" | "mean" | "count", Arms, "up" | "down", string][] = [
  [
    "250 of 500 to none",
    "proportion",
    [
      ["a", successes(250, 500)],
      ["b", successes(0, 500)],
    ],
    "up",
    "roll_back",
  ],
  [
    "none to 1000 of 2000 errors",
    "proportion",
    [
      ["a", successes(0, 2000)],
      ["b", successes(1000, 2000)],
    ],
    "down",
    "roll_back",
  ],
  [
    "none to 1000 of 2000 orders",
    "proportion",
    [
      ["a", successes(0, 2000)],
      ["b", successes(1000, 2000)],
    ],
    "up",
    "ship",
  ],
  [
    "all to none",
    "proportion",
    [
      ["a", successes(300, 300)],
      ["b", successes(0, 300)],
    ],
    "up",
    "roll_back",
  ],
  [
    "none to all",
    "proportion",
    [
      ["a", successes(0, 300)],
      ["b", successes(300, 300)],
    ],
    "up",
    "ship",
  ],
  [
    "all to 250 of 500",
    "proportion",
    [
      ["a", successes(500, 500)],
      ["b", successes(250, 500)],
    ],
    "up",
    "roll_back",
  ],
  [
    "constant 10 to constant 40",
    "mean",
    [
      ["a", Array(100).fill(10)],
      ["b", Array(100).fill(40)],
    ],
    "up",
    "ship",
  ],
  [
    "constant 0 to constant 25",
    "mean",
    [
      ["a", Array(100).fill(0)],
      ["b", Array(100).fill(25)],
    ],
    "down",
    "roll_back",
  ],
  [
    "something to always 0",
    "mean",
    [
      ["a", around(10, 2, 200, 5)],
      ["b", Array(200).fill(0)],
    ],
    "up",
    "roll_back",
  ],
  [
    "always 0 to something",
    "count",
    [
      ["a", Array(200).fill(0)],
      ["b", successes(120, 200)],
    ],
    "up",
    "ship",
  ],
  [
    "constant -10 to constant -40",
    "mean",
    [
      ["a", Array(100).fill(-10)],
      ["b", Array(100).fill(-40)],
    ],
    "up",
    "roll_back",
  ],
];
for (const engine of ENGINES)
  test(`what varies nowhere, or is nothing, is judged (${engine})`, () => {
    const plan = planOf({ engine });
    for (const [what, kind, arms, better, decision] of NOTHING) {
      const result = resultOf(plan, metricOf({ kind, better }), arms);
      const verdict = verdictOf(plan, [result]);
      assert.equal(verdict.decision, decision, `${what}: ${JSON.stringify([verdict.reasons, result.comparisons])}`);
      assert.equal(verdict.canary, decision === "roll_back" ? 0 : 100, what);
      const { ci, effect, p, stderr } = result.comparisons[0] as Comparison;
      assert.ok(ci[0] <= effect && effect <= ci[1] && p < 0.001 && Number.isFinite(stderr), `${what}: ${ci} ${p}`);
      assert.doesNotMatch(verdict.reasons.join(), /NaN|Infinity/, what);
      const guard = { ...result, role: "guardrail" as const };
      const beside = resultOf(plan, metricOf({ key: "other" }), [
        ["a", around(10, 1, 500, 6)],
        ["b", around(11, 1, 500, 7)],
      ]);
      assert.equal(
        verdictOf(plan, [beside, guard]).decision,
        decision === "ship" ? "ship" : "roll_back",
        `guardrail, ${what}`,
      );
    }
  });

test("no difference is none, however little varies: nothing is shipped or rolled back for it, and a guardrail of it is safe", () => {
  for (const engine of ENGINES) {
    const plan = planOf({ engine });
    for (const [kind, values] of [
      ["proportion", successes(0, 2_000)],
      ["proportion", successes(2_000, 2_000)],
      ["mean", Array(100).fill(0)],
      ["mean", Array(100).fill(10)],
    ] as const) {
      const same = resultOf(plan, metricOf({ kind }), [
        ["a", values],
        ["b", values],
      ]);
      assert.equal(verdictOf(plan, [same]).decision, "keep_running", JSON.stringify(same.comparisons));
      const better = resultOf(plan, metricOf({ key: "other" }), [
        ["a", around(10, 1, 500, 8)],
        ["b", around(12, 1, 500, 9)],
      ]);
      const verdict = verdictOf(plan, [better, { ...same, role: "guardrail" }]);
      assert.equal(verdict.decision, "ship", `${engine} ${kind}: ${verdict.reasons}`);
    }
  }
});

test("each arm is judged: harm in one is not hidden by a good one, nor an arm that nobody bought in", () => {
  const plan = planOf({ engine: "fixed" });
  const control: Arms[number] = ["a", around(10, 2, 2_000, 10)];
  const [good, flat, bad]: [Arms[number], Arms[number], Arms[number]] = [
    ["good", around(11, 2, 2_000, 11)],
    ["flat", around(10.05, 2, 2_000, 12)],
    ["bad", around(6, 2, 2_000, 13)],
  ];
  for (const others of [
    [good, bad],
    [bad, good],
    [flat, bad],
    [good, flat, bad],
  ] as Arms[]) {
    const verdict = verdictOf(plan, [resultOf(plan, metricOf(), [control, ...others])]);
    assert.deepEqual([verdict.decision, verdict.variant, verdict.canary], ["roll_back", "bad", 0]);
    assert.match(verdict.reasons.join(), /^bad: m gets worse by −/);
    assert.equal(verdict.arms.length, others.length);
  }
  const dead = verdictOf(plan, [resultOf(plan, metricOf(), [control, good, ["dead", Array(2_000).fill(0)]])]);
  assert.deepEqual([dead.decision, dead.variant], ["roll_back", "dead"]);
  const shipped = verdictOf(plan, [resultOf(plan, metricOf(), [control, flat, good])]);
  assert.deepEqual([shipped.decision, shipped.variant], ["ship", "good"]);
  const guard = metricOf({ key: "g", role: "guardrail" });
  const onlyGood = { ...resultOf(plan, guard, [control, ["good", control[1]]]), name: "g" };
  const primary = resultOf(plan, metricOf(), [control, good, ["other", good[1]]]);
  const unguarded = verdictOf(plan, [primary, onlyGood]).arms.find(({ variant }) => variant === "other");
  assert.equal(unguarded?.decision, "keep_running", "a guardrail that was not measured for an arm guards it not");
});

const START = Date.UTC(2026, 2, 10);
const steps = (value: (at: number) => number, days = 14) =>
  Array.from({ length: days * 144 }, (_, n): [number, number] => {
    const at = START - (days / 2) * 24 * HOUR_MS + n * 10 * MINUTE_MS;
    return [at, value(at)];
  });

test("hosts, before and after, and switchbacks are judged where nothing varies and where the baseline is nothing or below it", () => {
  const cases: [number, number, "up" | "down", string][] = [
    [0, 25, "down", "roll_back"],
    [0, 25, "up", "ship"],
    [10, 40, "up", "ship"],
    [10, 40, "down", "roll_back"],
    [-10, -5, "up", "ship"],
    [-10, -40, "up", "roll_back"],
  ];
  for (const [before, after, better, decision] of cases) {
    const plan = planOf({ engine: "fixed", periodMinutes: 60 });
    const metric = metricOf({ event: null, series: "cpu.usage", better });
    const points = steps((at) => (at < START ? before : after));
    const flat = steps(() => before);
    const switched = steps((at) => (Math.floor((at - START) / HOUR_MS) % 2 === 0 ? before : after));
    const results = {
      "before and after": beforeAfterResult(plan, metric, ["a", "b"], points, START),
      hosts: hostsResult(
        plan,
        metric,
        [
          { variant: "a", points: flat },
          { variant: "b", points },
        ],
        START,
      ),
      switchback: switchbackResult(
        plan,
        metric,
        ["a", "b"],
        switched,
        (at) => (Math.floor((at - START) / HOUR_MS) % 2 === 0 ? "a" : "b"),
        START,
      ),
    };
    for (const [what, result] of Object.entries(results)) {
      const verdict = verdictOf(plan, [result]);
      assert.equal(verdict.decision, decision, `${what}, ${before} to ${after}: ${JSON.stringify(result)}`);
      assert.equal(Math.sign(result.comparisons[0]?.effect ?? 0), Math.sign(after - before), what);
    }
  }
});

test("a quantile from zero, or below it, has its sign and a verdict", () => {
  const plan = planOf({ engine: "fixed" });
  for (const [control, treatment] of [
    [0, 50],
    [-50, -20],
    [0, 0],
  ] as const) {
    const noisy = (mean: number, seed: number) => (mean === 0 ? Array(200).fill(0) : around(mean, 3, 200, seed));
    const result = quantileResult(plan, metricOf({ kind: "quantile", quantile: 0.5 }), [
      { key: "a", values: noisy(control, 14) },
      { key: "b", values: noisy(treatment, 15) },
    ]);
    const { decision } = verdictOf(plan, [result]);
    assert.equal(decision, treatment > control ? "ship" : "keep_running", JSON.stringify(result.comparisons));
  }
});
