import { normalQuantile, tQuantile, tSf } from "#lib/stats/distributions.ts";

/** A variant's subjects for one metric: `mean` and per-subject `variance` of `n`; `unadjusted` where a covariate moved the mean. */
export type Sample = { n: number; mean: number; variance: number };

export type Difference = "absolute" | "relative";

/** Treatment against control, with the standard error of the difference and the degrees of freedom of its t. */
export type Effect = { effect: number; stderr: number; df: number };

export type Estimate = { effect: number; ci: [number, number]; p: number; stderr: number };

/**
 * Totals as they are ingested: `n` subjects, the sum of their values and of the squares. Values may be less a constant, `shift`, that leaves digits
 * for how they vary.
 */
export type Totals = { n: number; sum: number; sumSquares: number; shift?: number };

/** Sample variance of n values out of their sum and sum of squares; 0 below two, and never below 0. */
const varianceOf = (n: number, sum: number, sumSquares: number): number =>
  n < 2 ? 0 : Math.max(0, (sumSquares - (sum * sum) / n) / (n - 1));

/** Sample covariance out of the sum of products. */
const covarianceOf = (n: number, sumA: number, sumB: number, sumProducts: number): number =>
  n < 2 ? 0 : (sumProducts - (sumA * sumB) / n) / (n - 1);

/** Size, mean and variance of values, as a comparison of means takes them. */
export const meanSample = ({ n, sum, sumSquares, shift = 0 }: Totals): Sample => ({
  n,
  mean: n > 0 ? sum / n + shift : 0,
  variance: varianceOf(n, sum, sumSquares),
});

/** A proportion: successes of n, with the variance p (1 - p). */
export const proportionSample = ({ successes, n }: { successes: number; n: number }): Sample => {
  const mean = n > 0 ? successes / n : 0;
  return { n, mean, variance: mean * (1 - mean) };
};

export type RatioTotals = Totals & {
  denominatorSum: number;
  denominatorSumSquares: number;
  sumProducts: number;
  denominatorShift?: number;
};

/** A ratio of means, its per-subject variance by the delta method (Deng, Knoblich and Lu 2018). */
export function ratioSample(totals: RatioTotals): Sample {
  const { n, sum, sumSquares, denominatorSum, denominatorSumSquares, sumProducts } = totals;
  const { shift = 0, denominatorShift = 0 } = totals;
  const [m, d] = [sum / n + shift, denominatorSum / n + denominatorShift];
  const [vm, vd] = [varianceOf(n, sum, sumSquares), varianceOf(n, denominatorSum, denominatorSumSquares)];
  const cov = covarianceOf(n, sum, denominatorSum, sumProducts);
  return { n, mean: m / d, variance: Math.max(0, vm / d ** 2 + (vd * m ** 2) / d ** 4 - (2 * cov * m) / d ** 3) };
}

/** Degrees of freedom of Welch and Satterthwaite (Welch 1947). */
function welchDf(a: Sample, b: Sample): number {
  const [va, vb] = [a.variance / a.n, b.variance / b.n];
  return (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
}

/**
 * The difference of two samples; a relative one is a share of the magnitude of `a`'s mean, so that a rise is above 0 also from below zero, by the
 * delta method.
 */
export function difference(a: Sample, b: Sample, kind: Difference): Effect {
  const df = welchDf(a, b);
  if (kind === "absolute")
    return { effect: b.mean - a.mean, stderr: Math.sqrt(b.variance / b.n + a.variance / a.n), df };
  const variance = b.variance / (b.n * a.mean ** 2) + (a.variance * b.mean ** 2) / (a.n * a.mean ** 4);
  return { effect: (b.mean - a.mean) / Math.abs(a.mean), stderr: Math.sqrt(variance), df };
}

export type CupedTotals = Totals & { preSum: number; preSumSquares: number; sumProducts: number };

/**
 * The difference after CUPED (Deng, Xu, Kohavi and Walker 2013): what a subject did before explains part of what it does after. θ is pooled
 * over both; a relative effect divides by the magnitude of the control's unadjusted mean.
 */
export function cupedDifference(a: CupedTotals, b: CupedTotals, kind: Difference): Effect {
  const pooled = (key: "sum" | "preSum" | "preSumSquares" | "sumProducts") => a[key] + b[key];
  const n = a.n + b.n;
  const preVariance = varianceOf(n, pooled("preSum"), pooled("preSumSquares"));
  const theta =
    preVariance > 0 ? covarianceOf(n, pooled("sum"), pooled("preSum"), pooled("sumProducts")) / preVariance : 0;
  const parts = (t: CupedTotals) => {
    const post = varianceOf(t.n, t.sum, t.sumSquares);
    const pre = varianceOf(t.n, t.preSum, t.preSumSquares);
    const cov = covarianceOf(t.n, t.sum, t.preSum, t.sumProducts);
    const adjusted = {
      n: t.n,
      // The covariate's own shift is the same in both arms: it falls out of their difference.
      mean: (t.sum - theta * t.preSum) / t.n + (t.shift ?? 0),
      variance: Math.max(0, post + theta ** 2 * pre - 2 * theta * cov),
    };
    return { post, pre, cov, adjusted, unadjusted: t.sum / t.n + (t.shift ?? 0) };
  };
  const [pa, pb] = [parts(a), parts(b)];
  const absolute = difference(pa.adjusted, pb.adjusted, "absolute");
  if (kind === "absolute") return absolute;
  const [u, ratio] = [pa.unadjusted, pb.unadjusted / pa.unadjusted];
  const controlVariance = ratio ** 2 * pa.post - 2 * ratio * theta * pa.cov + theta ** 2 * pa.pre;
  const variance = pb.adjusted.variance / (b.n * u ** 2) + controlVariance / (a.n * u ** 2);
  return { effect: absolute.effect / Math.abs(u), stderr: Math.sqrt(variance), df: absolute.df };
}

/** Two-sided Student t of an effect. One without a standard error, of values that are all the same, is what it is. */
export function tEstimate({ effect, stderr, df }: Effect, alpha: number): Estimate {
  if (stderr === 0) return { effect, ci: [effect, effect], p: effect === 0 ? 1 : 0, stderr };
  const reach = tQuantile(1 - alpha / 2, df) * stderr;
  const p = 2 * tSf(Math.abs(effect) / stderr, df);
  return { effect, ci: [effect - reach, effect + reach], p, stderr };
}

/** The mixture's ρ and n ρ² + 1 of a confidence sequence. */
function mixture(n: number, alpha: number, tuning: number): { rho: number; grown: number } {
  const twice = -2 * Math.log(alpha);
  const rho = Math.sqrt((twice + Math.log(twice + 1)) / tuning);
  return { rho, grown: n * rho * rho + 1 };
}

/** How many standard errors a confidence sequence of n subjects reaches to each side. */
export function sequentialReach(n: number, alpha: number, tuning: number): number {
  const { rho, grown } = mixture(n, alpha, tuning);
  return Math.sqrt(n) * Math.sqrt((2 * grown * Math.log(Math.sqrt(grown) / alpha)) / (n * rho) ** 2);
}

/** The p-value of a confidence sequence, of an effect of z standard errors. */
export function sequentialP(z: number, n: number, alpha: number, tuning: number): number {
  const { rho, grown } = mixture(n, alpha, tuning);
  const logEvidence = (rho * rho * z * z * n) / (2 * grown) - Math.log(Math.sqrt(grown));
  return Math.min(1, Math.exp(-logEvidence));
}

/**
 * An asymptotic confidence sequence (Waudby-Smith et al., arXiv 2103.06476v7, equations 9, 155 and 161): its interval holds at all times at
 * once, so that one may look as often as one likes. `tuning` is the number of subjects at which it is tightest.
 */
export function sequentialEstimate(measured: Effect, n: number, alpha: number, tuning: number): Estimate {
  const { effect, stderr } = measured;
  if (stderr === 0) return tEstimate(measured, alpha);
  const reach = stderr * sequentialReach(n, alpha, tuning);
  return { effect, ci: [effect - reach, effect + reach], p: sequentialP(effect / stderr, n, alpha, tuning), stderr };
}

/** z of a two-sided level and of a power together: what sample sizes rest on. */
const zTogether = (alpha: number, power: number) => normalQuantile(1 - alpha / 2) + normalQuantile(power);

export type PowerOfMean = { stddev: number; absoluteMde: number; alpha: number; power: number };

/** Subjects per variant to find an absolute difference of means. */
export const sampleSizeMean = ({ stddev, absoluteMde, alpha, power }: PowerOfMean): number =>
  Math.ceil((2 * zTogether(alpha, power) ** 2 * stddev ** 2) / absoluteMde ** 2);

export type PowerOfProportion = { baseline: number; relativeMde: number; alpha: number; power: number };

/** Subjects per variant to find a relative difference of proportions. */
export function sampleSizeProportion({ baseline, relativeMde, alpha, power }: PowerOfProportion): number {
  const treated = baseline * (1 + relativeMde);
  const variance = baseline * (1 - baseline) + treated * (1 - treated);
  return Math.ceil((zTogether(alpha, power) ** 2 * variance) / (treated - baseline) ** 2);
}

/** The smallest absolute difference of means that so many subjects per variant find. */
export const detectableMean = (perVariant: number, stddev: number, alpha: number, power: number): number =>
  zTogether(alpha, power) * stddev * Math.sqrt(2 / perVariant);
