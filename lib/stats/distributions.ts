import gammainc from "@stdlib/math-base-special-gammainc";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantileOf from "@stdlib/stats-base-dists-normal-quantile";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantileOf from "@stdlib/stats-base-dists-t-quantile";

// Upper tails are asked of the mirrored lower tail or the complementary function: 1 - cdf loses all digits past 1e-16.

/** P(Z <= z). */
const normalBelow = (z: number): number => normalCdf(z, 0, 1);

/** P(Z > z), exact in the far tail. */
export const normalSf = (z: number): number => normalCdf(-z, 0, 1);

/** The density of the standard normal distribution. */
export const normalDensity = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** The z with P(Z <= z) = p, polished by one Newton step, which brings a quantile of 1e-9 to 1e-15. */
export function normalQuantile(p: number): number {
  const z = normalQuantileOf(p, 0, 1);
  return Number.isFinite(z) ? z - (normalBelow(z) - p) / normalDensity(z) : z;
}

/** P(T > t) with some degrees of freedom. */
export const tSf = (t: number, df: number): number => (df === Infinity ? normalSf(t) : tCdf(-t, df));

/** The t with P(T <= t) = p, found again by secant steps on the distribution function. */
export function tQuantile(p: number, df: number): number {
  if (df === Infinity) return normalQuantile(p);
  let t = tQuantileOf(p, df);
  for (let n = 0; n < 3 && Number.isFinite(t); n++) {
    const width = Math.max(Math.abs(t), 1) * 1e-5;
    const slope = (tCdf(t + width, df) - tCdf(t - width, df)) / (2 * width);
    if (slope > 0) t -= (tCdf(t, df) - p) / slope;
  }
  return t;
}

/** P(X > x) of chi-squared with some degrees of freedom. */
export const chiSquaredSf = (x: number, df: number): number => (x <= 0 ? 1 : gammainc(x / 2, df / 2, true, true));
