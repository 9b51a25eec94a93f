import { normalDensity, normalQuantile, normalSf } from "#lib/stats/distributions.ts";
import type { Effect } from "#lib/stats/effect.ts";

/** What is believed of an effect before: normal; null is flat. */
export type Prior = { mean: number; variance: number } | null;

/** `risk`: what is lost on average by keeping control, and by shipping treatment. `stderr` is the posterior's. */
export type Posterior = {
  effect: number;
  ci: [number, number];
  chanceToWin: number;
  risk: [number, number];
  stderr: number;
};

/** E(max(X, 0)) of a normal variable. */
const expectedGain = (mean: number, sd: number): number =>
  sd > 0 ? mean * normalSf(-mean / sd) + sd * normalDensity(mean / sd) : Math.max(mean, 0);

/** Of an effect that is known without an error. */
const certain = (effect: number): Posterior => ({
  effect,
  ci: [effect, effect],
  chanceToWin: effect === 0 ? 0.5 : Number(effect > 0),
  risk: [Math.max(effect, 0), Math.max(-effect, 0)],
  stderr: 0,
});

/** The posterior of an effect with a normal likelihood and prior: their precision-weighted product. */
export function posterior(
  { effect, stderr }: Pick<Effect, "effect" | "stderr">,
  prior: Prior,
  alpha: number,
): Posterior {
  if (stderr === 0) return certain(effect);
  const precision = 1 / stderr ** 2;
  const priorPrecision = prior ? 1 / prior.variance : 0;
  const sd = Math.sqrt(1 / (precision + priorPrecision));
  const mean = prior ? (effect * precision + prior.mean * priorPrecision) * sd * sd : effect;
  const reach = normalQuantile(1 - alpha / 2) * sd;
  return {
    effect: mean,
    ci: [mean - reach, mean + reach],
    chanceToWin: normalSf(-mean / sd),
    risk: [expectedGain(mean, sd), expectedGain(-mean, sd)],
    stderr: sd,
  };
}
