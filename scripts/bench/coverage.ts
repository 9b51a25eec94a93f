import { posterior } from "#lib/stats/bayes.ts";
import { beforeAfter } from "#lib/stats/before-after.ts";
import {
  cupedDifference,
  difference,
  meanSample,
  proportionSample,
  ratioSample,
  sequentialEstimate,
  tEstimate,
} from "#lib/stats/effect.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { quantileDifference } from "#lib/stats/ranks.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import type { BenchResult } from "../bench.ts";
import { round } from "./statistics.ts";

const RUNS = 10_000;
const ALPHA = 0.05;

const uniform = seededRandom(20_261_124);
const normal = seededNormal(uniform);

const holds = (ci: [number, number] | undefined, truth: number) => ci !== undefined && ci[0] <= truth && truth <= ci[1];

/** Sums of pairs, as ingest keeps them. */
function totals(x: number[], y: number[] = []) {
  const sum = (term: (n: number) => number) => x.reduce((total, _, n) => total + term(n), 0);
  const [at, other] = [(n: number) => x[n] as number, (n: number) => y[n] ?? 0];
  return {
    n: x.length,
    sum: sum(at),
    sumSquares: sum((n) => at(n) ** 2),
    otherSum: sum(other),
    otherSquares: sum((n) => other(n) ** 2),
    sumProducts: sum((n) => at(n) * other(n)),
  };
}

const draw = (n: number, sample: () => number) => Array.from({ length: n }, sample);

const welch = () => {
  const [a, b] = [draw(60, () => 20 + 3 * normal()), draw(90, () => 22 + 4 * normal())];
  return holds(tEstimate(difference(meanSample(totals(a)), meanSample(totals(b)), "relative"), ALPHA).ci, 0.1);
};

const proportions = () => {
  const [a, b] = [0.3, 0.36].map((p) =>
    proportionSample({
      n: 500,
      successes: draw(500, () => Number(uniform() < p)).reduce((sum, value) => sum + value, 0),
    }),
  );
  return a && b ? holds(tEstimate(difference(a, b, "relative"), ALPHA).ci, 0.2) : false;
};

const ratio = () => {
  const [a, b] = [1, 1.1].map((lift) => {
    const visits = draw(400, () => 1 + Math.floor(uniform() * 5));
    const t = totals(
      visits.map((count) => lift * (2 * count + normal() * Math.sqrt(count))),
      visits,
    );
    return ratioSample({ ...t, denominatorSum: t.otherSum, denominatorSumSquares: t.otherSquares });
  });
  return a && b ? holds(tEstimate(difference(a, b, "relative"), ALPHA).ci, 0.1) : false;
};

const cuped = (kind: "absolute" | "relative") => () => {
  const [a, b] = [0, 2].map((lift) => {
    const level = draw(200, () => 20 + 3 * normal());
    const t = totals(
      level.map((value) => value + lift + normal()),
      level.map((value) => value + normal()),
    );
    return { ...t, preSum: t.otherSum, preSumSquares: t.otherSquares };
  });
  return a && b ? holds(tEstimate(cupedDifference(a, b, kind), ALPHA).ci, kind === "absolute" ? 2 : 0.1) : false;
};

const bayes = () => {
  const truth = 0.1 * normal();
  return holds(
    posterior({ effect: truth + 0.05 * normal(), stderr: 0.05 }, { mean: 0, variance: 0.01 }, ALPHA).ci,
    truth,
  );
};

const quantiles = () => {
  const [a, b] = [draw(300, () => 100 + 10 * normal()), draw(300, () => 105 + 10 * normal())];
  const seed = Math.floor(uniform() * 2 ** 31);
  return holds(quantileDifference(a, b, { q: 0.75, alpha: ALPHA, seed, resamples: 200 }).ci, 5);
};

/** The truth lies within the sequence at every one of 30 daily looks. */
const sequential = () => {
  const arms = [20, 22].map((mean) => ({ n: 0, sum: 0, sumSquares: 0, mean }));
  for (let day = 0; day < 30; day++) {
    for (const arm of arms) {
      for (let n = 0; n < 100; n++) {
        const value = arm.mean + 3 * normal();
        arm.n++;
        arm.sum += value;
        arm.sumSquares += value * value;
      }
    }
    const [a, b] = arms.map(meanSample);
    if (!a || !b || !holds(sequentialEstimate(difference(a, b, "relative"), a.n + b.n, ALPHA, 5_000).ci, 0.1))
      return false;
  }
  return true;
};

const around = (days: number, after: number, memory: number) => () => {
  let level = normal();
  const series = (from: number, to: number, lift: number) => {
    const points: [number, number][] = [];
    for (let at = from; at < to; at += HOUR_MS) {
      level = memory * level + Math.sqrt(1 - memory * memory) * normal();
      points.push([at, 100 + lift + 20 * Math.sin((at / DAY_MS) * 2 * Math.PI) + 5 * level]);
    }
    return points;
  };
  const [before, since] = [series(0, days * DAY_MS, 0), series(days * DAY_MS, (days + after) * DAY_MS, 10)];
  return holds(beforeAfter(before, since, { at: days * DAY_MS })?.ci, 10);
};

const CASES: Record<string, [() => boolean, number?]> = {
  "Welch t, relative": [welch],
  "proportions, relative": [proportions],
  "ratio by the delta method": [ratio],
  "CUPED, absolute": [cuped("absolute")],
  "CUPED, relative": [cuped("relative")],
  "posterior, normal prior": [bayes],
  "third quartile by bootstrap (200 resamples)": [quantiles],
  "confidence sequence over 30 looks (at least 95 %)": [sequential, 2_000],
  "before and after, 14 + 1 days, white": [around(14, 1, 0)],
  "before and after, 14 + 1 days, memory 0.9": [around(14, 1, 0.9)],
  "before and after, 28 + 7 days, memory 0.5": [around(28, 7, 0.5)],
};

/** How often each kind of 95 % interval holds the truth, over 10,000 runs (2,000 of the sequence, whose runs are long). */
export async function run(): Promise<BenchResult> {
  return Object.fromEntries(
    Object.entries(CASES).map(([name, [inside, runs = RUNS]]) => {
      let count = 0;
      for (let n = 0; n < runs; n++) if (inside()) count++;
      console.error(`… ${name}`);
      return [name, round(count / runs)];
    }),
  );
}
