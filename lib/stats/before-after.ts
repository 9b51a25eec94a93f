import { normalQuantile, tQuantile, tSf } from "#lib/stats/distributions.ts";
import { mean } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

/** [ms, value] in order of time. */
type Sample = readonly [number, number];

/**
 * What changed at an instant. `effect` is how far the mean after it lies from what the time before lets expect
 * (`counterfactual`), `relative` the same as a share of that; `ci` and `relativeCi` at 1 - alpha; `p` two-sided;
 * `probabilityUp` that the true effect is above 0.
 */
export type BeforeAfter = {
  before: number;
  after: number;
  counterfactual: number;
  effect: number;
  /** Of `effect`, in its unit: it does not depend on alpha. */
  stderr: number;
  relative: number | null;
  ci: [number, number];
  relativeCi: [number, number] | null;
  p: number;
  probabilityUp: number;
  /** What the expectation knew: the hours of the week, of the day, or neither. */
  season: "week" | "day" | "none";
  blocks: { before: number; after: number };
};

const WEEK_MS = 7 * DAY_MS;

/** Bartlett's one-sided 5 % bound of an autocorrelation that is none, in standard errors. */
const BARTLETT_Z = normalQuantile(0.95);

/** Fewer blocks than these on the side before say nothing of how they vary. */
const MIN_BLOCKS = 6;

/** Mean by slot with how often it was visited; values of one slot and period count once. */
function profileOf(
  samples: readonly Sample[],
  slotOf: (at: number) => number,
): Map<number, { sum: number; count: number }> {
  const profile = new Map<number, { sum: number; count: number }>();
  for (const [at, value] of samples) {
    const slot = profile.get(slotOf(at)) ?? { sum: 0, count: 0 };
    slot.sum += value;
    slot.count++;
    profile.set(slotOf(at), slot);
  }
  return profile;
}

type Season = BeforeAfter["season"];

function seasonOf(before: readonly Sample[], zoneOffsetMs: number): { season: Season; slotOf: (at: number) => number } {
  const span = (before.at(-1)?.[0] ?? 0) - (before[0]?.[0] ?? 0);
  const hour = (at: number, period: number) =>
    Math.floor(((((at + zoneOffsetMs) % period) + period) % period) / HOUR_MS);
  if (span >= 3 * WEEK_MS) return { season: "week", slotOf: (at) => hour(at, WEEK_MS) };
  if (span >= 3 * DAY_MS) return { season: "day", slotOf: (at) => hour(at, DAY_MS) };
  return { season: "none", slotOf: () => 0 };
}

/** How far samples lie from the profile. */
function residuals(
  samples: readonly Sample[],
  profile: ReturnType<typeof profileOf>,
  slotOf: (at: number) => number,
): Sample[] {
  return samples.flatMap(([at, value]): Sample[] => {
    const slot = profile.get(slotOf(at));
    return slot ? [[at, value - slot.sum / slot.count]] : [];
  });
}

/** Means of stretches of equal length counted from the instant, so that each is as good as independent of the next. */
function blockMeans(samples: readonly Sample[], at: number, blockMs: number): number[] {
  const blocks = Map.groupBy(samples, ([time]) => Math.floor((time - at) / blockMs));
  const most = Math.max(0, ...[...blocks.values()].map(({ length }) => length));
  return [...blocks.values()]
    .filter(({ length }) => length >= most / 2)
    .map((block) => mean(block.map(([, value]) => value)));
}

/** Autocorrelation of neighbouring blocks with its bias given back (Kendall 1954); none where it is no more than chance makes. */
function lag1Autocorrelation(values: number[]): number {
  const middle = mean(values);
  let [product, square] = [0, 0];
  values.forEach((value, n) => {
    square += (value - middle) ** 2;
    if (n > 0) product += (value - middle) * ((values[n - 1] as number) - middle);
  });
  const raw = square > 0 ? product / square : 0;
  return raw < BARTLETT_Z / Math.sqrt(values.length) ? 0 : Math.min(raw + (1 + 3 * raw) / values.length, 0.8);
}

/**
 * Interrupted time series with a seasonal counterfactual: the hours before the instant say what is usual for each hour of the
 * day or week; what is left over is averaged in blocks of a day (or of the whole time after, where that is shorter), and the
 * two sides' blocks are compared by Student's t, with fewer effective blocks where neighbours are alike (Bayley and Hammersley 1946).
 * Undefined where there are fewer than six blocks before, or no sample after.
 */
export function beforeAfter(
  before: readonly Sample[],
  after: readonly Sample[],
  { at, alpha = 0.05, zoneOffsetMs = 0 }: { at: number; alpha?: number; zoneOffsetMs?: number },
): BeforeAfter | undefined {
  const { season, slotOf } = seasonOf(before, zoneOffsetMs);
  const periodMs = { week: WEEK_MS, day: DAY_MS, none: Number.POSITIVE_INFINITY }[season];
  const profile = profileOf(before, slotOf);
  const rest = residuals(after, profile, slotOf);
  if (rest.length === 0) return undefined;
  const spanAfter = (rest.at(-1) as Sample)[0] - at;
  const blockMs = Math.min(DAY_MS, Math.max(spanAfter, HOUR_MS / 2));
  const calm = blockMeans(residuals(before, profile, slotOf), at, blockMs);
  const changed = blockMeans(rest, at, blockMs);
  if (calm.length < MIN_BLOCKS || changed.length === 0) return undefined;
  const effect = mean(rest.map(([, value]) => value));
  const middle = mean(calm);
  // Of each kind of block (a Monday, a morning) the profile has taken the mean.
  const kinds = season === "none" ? 1 : Math.max(1, Math.round(periodMs / blockMs));
  const free = calm.length - kinds;
  if (free < 2) return undefined;
  const variance = calm.reduce((sum, value) => sum + (value - middle) ** 2, 0) / free;
  const rho = lag1Autocorrelation(calm);
  const inflation = (1 + rho) / (1 - rho);
  // Only blocks of the same hours inform the expectation of those after.
  const informing = Math.min(
    calm.length,
    (calm.length * blockMs * Math.min(changed.length, periodMs / blockMs)) / periodMs || calm.length,
  );
  const stderr = Math.sqrt(variance * (Math.min(changed.length, inflation) / changed.length + inflation / informing));
  const df = Math.max(2, free / inflation);
  const t = stderr > 0 ? effect / stderr : effect === 0 ? 0 : Math.sign(effect) * Infinity;
  const reach = tQuantile(1 - alpha / 2, df) * stderr;
  const meanValue = (samples: readonly Sample[]) => mean(samples.map(([, value]) => value));
  const counterfactual = meanValue(after) - effect;
  const share = (value: number) => value / Math.abs(counterfactual);
  return {
    before: meanValue(before),
    after: meanValue(after),
    counterfactual,
    effect,
    stderr,
    relative: counterfactual === 0 ? null : share(effect),
    ci: [effect - reach, effect + reach],
    relativeCi: counterfactual === 0 ? null : [share(effect - reach), share(effect + reach)],
    p: Math.min(1, 2 * tSf(Math.abs(t), df)),
    probabilityUp: tSf(-t, df),
    season,
    blocks: { before: calm.length, after: changed.length },
  };
}
