import { type Prior, posterior } from "#lib/stats/bayes.ts";
import {
  type CupedTotals,
  cupedDifference,
  type Difference,
  difference,
  meanSample,
  type PowerOfMean,
  type PowerOfProportion,
  proportionSample,
  type RatioTotals,
  ratioSample,
  sampleSizeMean,
  sampleSizeProportion,
  sequentialEstimate,
  type Totals,
  tEstimate,
} from "#lib/stats/effect.ts";
import { benjaminiHochberg, holm, mannWhitney, sampleRatioMismatch } from "#lib/stats/ranks.ts";

type Arms<T> = { a: T; b: T; difference: Difference; alpha: number };
type Proportion = { successes: number; n: number };

type AnyTotals = Totals | Proportion | RatioTotals | CupedTotals;

/** The effect of b against a, by what their totals hold: successes, a denominator, a covariate, or plain sums. */
function effectOf(a: AnyTotals, b: AnyTotals, kind: Difference) {
  if ("preSum" in a) return cupedDifference(a, b as CupedTotals, kind);
  const sampleOf = (totals: AnyTotals) =>
    "successes" in totals
      ? proportionSample(totals)
      : "denominatorSum" in totals
        ? ratioSample(totals)
        : meanSample(totals as Totals);
  return difference(sampleOf(a), sampleOf(b), kind);
}

const t = ({ a, b, difference: kind, alpha }: Arms<AnyTotals>) => tEstimate(effectOf(a, b, kind), alpha);

const bayes = ({ a, b, difference: kind, alpha, prior }: Arms<AnyTotals> & { prior: Prior }) =>
  posterior(effectOf(a, b, kind), prior, alpha);

/** Each kind of question that the engine answers of plain figures, as ../shared/experiments/DEFINITIONS.md names them. */
const KINDS = {
  welch_t: t,
  proportion_t: t,
  ratio_t: t,
  cuped_t: t,
  sequential: ({ a, b, difference: kind, alpha, tuningParameter }: Arms<AnyTotals> & { tuningParameter: number }) =>
    sequentialEstimate(effectOf(a, b, kind), a.n + b.n, alpha, tuningParameter),
  bayes_normal: bayes,
  bayes_proportion: bayes,
  srm: ({ observed, weights }: { observed: number[]; weights: number[] }) => sampleRatioMismatch(observed, weights),
  mann_whitney: ({ a, b }: { a: number[]; b: number[] }) => mannWhitney(a, b),
  benjamini_hochberg: ({ p }: { p: number[] }) => ({ adjusted: benjaminiHochberg(p) }),
  holm: ({ p }: { p: number[] }) => ({ adjusted: holm(p) }),
  sample_size_proportion: (input: PowerOfProportion) => ({ perVariant: sampleSizeProportion(input) }),
  sample_size_mean: (input: PowerOfMean) => ({ perVariant: sampleSizeMean(input) }),
} as const;

export type Question = { id: string; kind: string; input: unknown };

/** The answer to a question by its kind. @throws Error for a kind that there is not */
export function answer({ kind, input }: Question): Record<string, unknown> {
  if (!Object.hasOwn(KINDS, kind))
    throw new Error(`There is no kind "${kind}": one of ${Object.keys(KINDS).join(", ")}`);
  return (KINDS[kind as keyof typeof KINDS] as (input: unknown) => Record<string, unknown>)(input);
}
