import { normalSf } from "#lib/stats/distributions.ts";

/** Successes of n. */
export type Count = { successes: number; n: number };

/** Steps of a bisection: as many as a double has digits. */
const STEPS = 60;

/** Where a function that falls goes through 0, in [low, high]. */
function root(falling: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let n = 0; n < STEPS; n++) {
    const middle = (from + to) / 2;
    if (falling(middle) > 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/** The proportion of a that is likeliest if that of b is larger by `delta`: the likelihood has one peak. */
function restrictedProportion(a: Count, b: Count, delta: number): number {
  const slope = (p: number): number => {
    const q = p + delta;
    const terms = [
      a.successes > 0 ? a.successes / p : 0,
      a.n > a.successes ? -(a.n - a.successes) / (1 - p) : 0,
      b.successes > 0 ? b.successes / q : 0,
      b.n > b.successes ? -(b.n - b.successes) / (1 - q) : 0,
    ];
    return terms.reduce((sum, term) => sum + term, 0);
  };
  return root(slope, Math.max(0, -delta), Math.min(1, 1 - delta));
}

/** The score statistic of a difference `delta`: how many standard errors, as they are if it is true, the observed one lies above it. */
function score(a: Count, b: Count, delta: number): number {
  const observed = b.successes / b.n - a.successes / a.n;
  const p = restrictedProportion(a, b, delta);
  const q = p + delta;
  const total = a.n + b.n;
  const variance = ((p * (1 - p)) / a.n + (q * (1 - q)) / b.n) * (total / (total - 1));
  if (variance > 1e-300) return (observed - delta) / Math.sqrt(variance);
  return observed === delta ? 0 : Math.sign(observed - delta) * Number.POSITIVE_INFINITY;
}

/**
 * The difference of two proportions, b less a, by the score method (Miettinen and Nurminen 1985): it holds where there are no successes, or
 * nothing else, and Wald's has no width. `reach` is how many standard errors the interval spans to each side; `z` tests that there is none.
 */
export function scoreDifference(
  a: Count,
  b: Count,
  reach: number,
): { effect: number; ci: [number, number]; z: number; p: number; stderr: number } {
  const effect = b.successes / b.n - a.successes / a.n;
  const ci: [number, number] = [
    effect <= -1 ? -1 : root((delta) => score(a, b, delta) - reach, -1, effect),
    effect >= 1 ? 1 : root((delta) => score(a, b, delta) + reach, effect, 1),
  ];
  const z = score(a, b, 0);
  return { effect, ci, z, p: Math.min(1, 2 * normalSf(Math.abs(z))), stderr: (ci[1] - ci[0]) / (2 * reach) };
}
