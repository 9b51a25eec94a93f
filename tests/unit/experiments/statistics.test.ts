import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { answer } from "#lib/experiments/evaluate.ts";
import { posterior } from "#lib/stats/bayes.ts";
import { normalQuantile, normalSf, tQuantile, tSf } from "#lib/stats/distributions.ts";
import {
  cupedDifference,
  detectableMean,
  difference,
  meanSample,
  proportionSample,
  sampleSizeMean,
  sequentialEstimate,
  tEstimate,
} from "#lib/stats/effect.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { benjaminiHochberg, holm, quantileDifference } from "#lib/stats/ranks.ts";

const near = (actual: number, expected: number, relative = 1e-6) =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(Math.abs(expected), 1e-3), `${actual} ${expected}`);

/** Published answers: GrowthBook's gbstats, SciPy, and the papers. */
const KNOWN: [string, object, Record<string, number | number[]>][] = [
  [
    "welch_t",
    {
      a: { n: 50, sum: 505.0969380998205, sumSquares: 5543.458337556278 },
      b: { n: 60, sum: 658.302724364152, sumSquares: 7904.747948421079 },
      difference: "relative",
      alpha: 0.05,
    },
    { effect: 0.0860996419827403, ci: [-0.038776601524471765, 0.21097588548995236], p: 0.17456067108713702 },
  ],
  [
    "sequential",
    {
      a: { n: 50, sum: 505.0969380998205, sumSquares: 5543.458337556278 },
      b: { n: 60, sum: 658.302724364152, sumSquares: 7904.747948421079 },
      difference: "relative",
      alpha: 0.05,
      tuningParameter: 5000,
    },
    { ci: [-0.31919488293051773, 0.4913941668959983], p: 0.9433051520304083 },
  ],
  [
    "bayes_proportion",
    { a: { successes: 14, n: 28 }, b: { successes: 16, n: 30 }, difference: "relative", prior: null, alpha: 0.05 },
    { ci: [-0.46585271950365803, 0.5991860528369912], chanceToWin: 0.59691501044424 },
  ],
  ["srm", { observed: [5000, 5100], weights: [0.5, 0.5] }, { p: 0.3197181768128675 }],
  ["holm", { p: [0.01, 0.04, 0.03, 0.2] }, { adjusted: [0.04, 0.09, 0.09, 0.2] }],
  [
    "benjamini_hochberg",
    { p: [0.01, 0.04, 0.03, 0.2] },
    { adjusted: [0.04, 0.05333333333333334, 0.05333333333333334, 0.2] },
  ],
  ["sample_size_proportion", { baseline: 0.05, relativeMde: 0.1, alpha: 0.05, power: 0.8 }, { perVariant: 31_231 }],
  ["sample_size_mean", { stddev: 10, absoluteMde: 1, alpha: 0.05, power: 0.8 }, { perVariant: 1_570 }],
];

test("the engine's answers are those of GrowthBook, SciPy and the papers, to six digits", () => {
  for (const [kind, input, expected] of KNOWN) {
    const output = answer({ id: kind, kind, input });
    for (const [key, value] of Object.entries(expected)) {
      const [actual, wanted] = [[output[key]].flat() as number[], [value].flat()];
      wanted.forEach((value, n) => {
        near(actual[n] as number, value);
      });
    }
  }
  assert.throws(
    () => answer({ id: "x", kind: "tea leaves", input: {} }),
    /There is no kind "tea leaves": one of welch_t/,
  );
});

test("distribution functions keep their digits far out in the tails, and quantiles lead back", () => {
  near(normalSf(10), 7.619853024160527e-24, 1e-10);
  near(normalSf(-10), 1);
  near(tSf(50, 10), 1.2365155e-13, 1e-4);
  near(normalQuantile(0.975), 1.959963984540054, 1e-13);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 0.999999, noNaN: true }), fc.integer({ min: 1, max: 500 }), (p, df) => {
      assert.ok(Math.abs(1 - tSf(tQuantile(p, df), df) - p) < 1e-9);
      assert.ok(Math.abs(1 - normalSf(normalQuantile(p)) - p) < 1e-12);
    }),
    { numRuns: 200 },
  );
});

const totals = (values: number[]) => ({
  n: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  sumSquares: values.reduce((sum, value) => sum + value * value, 0),
});

/** How often `inside` holds over many made-up experiments. */
function share(runs: number, inside: (normal: () => number, uniform: () => number) => boolean): number {
  const uniform = seededRandom(2_026);
  const normal = seededNormal(uniform);
  let count = 0;
  for (let run = 0; run < runs; run++) if (inside(normal, uniform)) count++;
  return count / runs;
}

const RUNS = 10_000;
const holds = (ci: [number, number], truth: number) => ci[0] <= truth && truth <= ci[1];

test("intervals hold the truth as often as they say, within 1 %, over 10,000 runs", () => {
  const draw = (normal: () => number, mean: number, n: number) => Array.from({ length: n }, () => mean + 3 * normal());
  const welch = share(RUNS, (normal) => {
    const effect = difference(
      meanSample(totals(draw(normal, 20, 60))),
      meanSample(totals(draw(normal, 22, 90))),
      "relative",
    );
    return holds(tEstimate(effect, 0.05).ci, 0.1);
  });
  assert.ok(Math.abs(welch - 0.95) < 0.01, `Welch ${welch}`);
  const proportion = share(RUNS, (_, uniform) => {
    const hits = (p: number) =>
      Array.from({ length: 400 }, () => Number(uniform() < p)).reduce((sum, value) => sum + value, 0);
    const [a, b] = [0.3, 0.36].map((p) => proportionSample({ successes: hits(p), n: 400 }));
    return holds(tEstimate(difference(a as never, b as never, "absolute"), 0.05).ci, 0.06);
  });
  assert.ok(Math.abs(proportion - 0.95) < 0.01, `proportions ${proportion}`);
  const cuped = share(RUNS, (normal) => {
    const arm = (lift: number) => {
      const [post, pre] = [[] as number[], [] as number[]];
      for (let n = 0; n < 80; n++) {
        const level = 20 + 3 * normal();
        pre.push(level + normal());
        post.push(level + lift + normal());
      }
      const preTotals = totals(pre);
      const sumProducts = post.reduce((sum, value, n) => sum + value * (pre[n] as number), 0);
      return { ...totals(post), preSum: preTotals.sum, preSumSquares: preTotals.sumSquares, sumProducts };
    };
    return holds(tEstimate(cupedDifference(arm(0), arm(1), "absolute"), 0.05).ci, 1);
  });
  assert.ok(Math.abs(cuped - 0.95) < 0.01, `CUPED ${cuped}`);
  const belief = share(RUNS, (normal) => {
    const truth = 0.1 * normal();
    const effect = { effect: truth + 0.05 * normal(), stderr: 0.05 };
    return holds(posterior(effect, { mean: 0, variance: 0.01 }, 0.05).ci, truth);
  });
  assert.ok(Math.abs(belief - 0.95) < 0.01, `posterior ${belief}`);
});

test("under the sequential engine a daily look for a month calls nothing significant in at most 5 % of A/A tests", () => {
  const wrong = share(1_000, (normal) => {
    const [a, b] = [
      { n: 0, sum: 0, sumSquares: 0 },
      { n: 0, sum: 0, sumSquares: 0 },
    ];
    for (let day = 0; day < 30; day++) {
      for (let n = 0; n < 100; n++) {
        for (const arm of [a, b]) {
          const value = 10 + 2 * normal();
          arm.n++;
          arm.sum += value;
          arm.sumSquares += value * value;
        }
      }
      const effect = difference(meanSample(a), meanSample(b), "relative");
      if (sequentialEstimate(effect, a.n + b.n, 0.05, 5_000).p < 0.05) return true;
    }
    return false;
  });
  assert.ok(wrong <= 0.05, `${wrong}`);
});

test("a quantile's difference is found by bootstrap, and none where there is none", () => {
  const normal = seededNormal(seededRandom(8));
  const draw = (mean: number) => Array.from({ length: 800 }, () => mean + 10 * normal());
  const [a, same, slower] = [draw(100), draw(100), draw(105)];
  const found = quantileDifference(a, slower, { q: 0.9, alpha: 0.05 });
  assert.ok(found.ci[0] > 0 && found.ci[1] < 10 && found.p < 0.05, JSON.stringify(found));
  assert.ok(quantileDifference(a, same, { q: 0.9, alpha: 0.05 }).p > 0.05);
});

test("corrected p-values are never below the plain ones, never above 1, and keep their order", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (p) => {
      for (const adjusted of [holm(p), benjaminiHochberg(p)]) {
        adjusted.forEach((value, n) => {
          assert.ok(value >= (p[n] as number) - 1e-15 && value <= 1);
        });
        const order = p.map((_, n) => n).sort((x, y) => (p[x] as number) - (p[y] as number));
        for (let n = 1; n < order.length; n++)
          assert.ok((adjusted[order[n] as number] as number) >= (adjusted[order[n - 1] as number] as number));
      }
    }),
  );
});

test("the effect that a sample size was made for is what that size finds", () => {
  const perVariant = sampleSizeMean({ stddev: 10, absoluteMde: 1, alpha: 0.05, power: 0.8 });
  near(detectableMean(perVariant, 10, 0.05, 0.8), 1, 1e-3);
});
