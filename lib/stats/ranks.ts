import { chiSquaredSf, normalSf } from "#lib/stats/distributions.ts";
import { sortedQuantile } from "#lib/stats/quantile.ts";
import { seededRandom } from "#lib/stats/random.ts";

/** Is the split of subjects what the weights say? Chi-squared goodness of fit; a small p means that something is broken. */
export function sampleRatioMismatch(observed: number[], weights: number[]): { p: number } {
  const total = observed.reduce((sum, count) => sum + count, 0);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0 || observed.length < 2) return { p: 1 };
  const statistic = observed.reduce((sum, count, i) => {
    const expected = (total * (weights[i] as number)) / whole;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return { p: chiSquaredSf(statistic, observed.length - 1) };
}

/** Mann and Whitney's U of `a`, two-sided by the tie-corrected normal approximation with continuity correction (1947). */
export function mannWhitney(a: number[], b: number[]): { u: number; p: number } {
  const all = [...a.map((value) => ({ value, own: true })), ...b.map((value) => ({ value, own: false }))];
  all.sort((x, y) => x.value - y.value);
  const n = all.length;
  let [rankSum, ties] = [0, 0];
  for (let i = 0; i < n; ) {
    let j = i;
    while (j < n && all[j]?.value === all[i]?.value) j++;
    const rank = (i + 1 + j) / 2;
    for (let k = i; k < j; k++) if (all[k]?.own) rankSum += rank;
    ties += (j - i) ** 3 - (j - i);
    i = j;
  }
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const middle = (a.length * b.length) / 2;
  const variance = ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)));
  if (variance === 0) return { u, p: 1 };
  const z = (Math.abs(u - middle) - 0.5) / Math.sqrt(variance);
  return { u, p: Math.min(1, 2 * normalSf(Math.max(z, 0))) };
}

/** Holm's adjusted p-values (1979), in the order given: the chance of any false finding stays below the level. */
export function holm(p: number[]): number[] {
  let highest = 0;
  return inOrder(p, (value, rank) => {
    highest = Math.max(highest, Math.min(1, value * (p.length - rank)));
    return highest;
  });
}

/** Benjamini's and Hochberg's adjusted p-values (1995), in the order given: the share of false findings stays below the level. */
export function benjaminiHochberg(p: number[]): number[] {
  let lowest = 1;
  return inOrder(
    p,
    (value, rank) => {
      lowest = Math.min(lowest, (value * p.length) / (rank + 1));
      return lowest;
    },
    true,
  );
}

/** Visits values from the smallest (or, backwards, from the largest) with their rank and puts results in the given order. */
function inOrder(p: number[], adjust: (value: number, rank: number) => number, backwards = false): number[] {
  const order = p.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const adjusted = new Array<number>(p.length);
  const visits = [...order.entries()];
  for (const [rank, { value, index }] of backwards ? visits.reverse() : visits) adjusted[index] = adjust(value, rank);
  return adjusted;
}

const RESAMPLES = 1_000;

/** The difference of a quantile, b less a, with its percentile bootstrap interval (Efron 1979) and two-sided p. */
export function quantileDifference(
  a: number[],
  b: number[],
  { q, alpha, seed = 1, resamples = RESAMPLES }: { q: number; alpha: number; seed?: number; resamples?: number },
): { effect: number; ci: [number, number]; p: number; stderr: number } {
  const random = seededRandom(seed);
  const [sortedA, sortedB] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  const effect = sortedQuantile(sortedB, q) - sortedQuantile(sortedA, q);
  const draws = Float64Array.from(
    { length: resamples },
    () => sortedQuantile(resample(sortedB, random), q) - sortedQuantile(resample(sortedA, random), q),
  ).sort();
  const below = draws.filter((draw) => draw <= 0).length / resamples;
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / resamples;
  return {
    effect,
    ci: [sortedQuantile(draws, alpha / 2), sortedQuantile(draws, 1 - alpha / 2)],
    p: Math.min(1, Math.max(2 * Math.min(below, 1 - below), 2 / resamples)),
    stderr: Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (resamples - 1)),
  };
}

/** As many values as `sorted` has, drawn with replacement, in ascending order: counted by rank, so that nothing is sorted again. */
function resample(sorted: Float64Array, random: () => number): Float64Array {
  const n = sorted.length;
  const counts = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const rank = Math.floor(random() * n);
    counts[rank] = (counts[rank] as number) + 1;
  }
  const drawn = new Float64Array(n);
  let filled = 0;
  for (let rank = 0; rank < n; rank++) {
    const until = filled + (counts[rank] as number);
    drawn.fill(sorted[rank] as number, filled, until);
    filled = until;
  }
  return drawn;
}
