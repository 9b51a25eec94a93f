import type { ForecastModel } from "#lib/contract/enums.ts";
import { CANDIDATES, type Candidate, NAIVE, type Predictor } from "#lib/stats/forecast/models.ts";
import { quantile } from "#lib/stats/quantile.ts";

/** One step ahead: the expected value, and the bounds of its 80 % and 95 % intervals. */
export type Ahead = { expected: number; low80: number; high80: number; low95: number; high95: number };

/**
 * `model` and `period` (in steps, 1 for none) did best when the past was forecast from earlier; `mase` is their error there, as a share
 * of the seasonal naive model's.
 */
export type Forecast = { model: ForecastModel; period: number; mase: number; origins: number; steps: Ahead[] };

/** Forecast from at most so many earlier instants. */
const ORIGINS = 48;
/** Below so many samples nothing is said. */
const LEAST = 24;

type Errors = { candidate: Candidate; period: number; mae: number; errors: Float64Array[]; predictor: Predictor };

/** Signed errors at each horizon from instants of the past, none of which the model had seen beyond. */
function rollingOrigin(
  values: ArrayLike<number>,
  { candidate, period, horizon, first }: { candidate: Candidate; period: number; horizon: number; first: number },
): Errors {
  const predictor = candidate.make(period);
  const stride = Math.max(1, Math.ceil((values.length - first) / ORIGINS));
  const errors: Float64Array[] = [];
  let [total, count] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    predictor.update(values[n] as number);
    if (n < first || (values.length - 1 - n) % stride !== 0 || n === values.length - 1) continue;
    const own = new Float64Array(horizon).fill(Number.NaN);
    for (let h = 1; h <= horizon && n + h < values.length; h++) {
      own[h - 1] = (values[n + h] as number) - predictor.ahead(h);
      if (Number.isNaN(own[h - 1])) continue;
      total += Math.abs(own[h - 1] as number);
      count++;
    }
    errors.push(own);
  }
  return { candidate, period, mae: count > 0 ? total / count : Number.POSITIVE_INFINITY, errors, predictor };
}

/** The quantile of split conformal prediction (Vovk et al. 2005), of the errors at about this horizon, later ones first. */
function reach(errors: Float64Array[], h: number, level: number): number {
  const width = Math.max(1, Math.round(h * 0.25));
  const near: number[] = [];
  for (const own of errors) {
    for (let i = Math.max(0, h - width); i < Math.min(own.length, h + width - 1); i++) {
      if (!Number.isNaN(own[i])) near.push(Math.abs(own[i] as number));
    }
  }
  const origins = Math.max(1, errors.length);
  return near.length > 0 ? quantile(near, Math.min(1, level * (1 + 1 / origins))) : Number.NaN;
}

/**
 * Forecasts `horizon` steps of a series of equal steps (NaN where a sample is missing). Every model is tried with each of the periods
 * (in steps) that the history holds twice, and with none; the one with the least mean absolute error over rolling origins is taken
 * (Tashman 2000), and its errors there give the intervals. Undefined where there are fewer than 24 samples.
 */
export function forecast(values: ArrayLike<number>, horizon: number, periods: number[] = []): Forecast | undefined {
  const present = Array.from(values).filter((value) => !Number.isNaN(value)).length;
  if (present < LEAST) return undefined;
  const usable = periods.filter((period) => period > 1 && values.length >= 2 * period);
  const warmUp = Math.min(2 * Math.min(...usable, values.length), Math.floor(values.length * 0.6));
  const first = Math.max(Math.floor(values.length * 0.4), warmUp);
  const tried = [1, ...usable].flatMap((period) =>
    CANDIDATES.map((candidate) => rollingOrigin(values, { candidate, period, horizon, first })),
  );
  const best = tried.reduce((lowest, model) => (model.mae < lowest.mae ? model : lowest));
  const naive = tried.filter(({ candidate }) => candidate === NAIVE).at(-1) as Errors;
  const steps = Array.from({ length: horizon }, (_, i): Ahead => {
    const expected = best.predictor.ahead(i + 1);
    const [r80, r95] = [reach(best.errors, i + 1, 0.8), reach(best.errors, i + 1, 0.95)];
    return {
      expected,
      low80: expected - r80,
      high80: expected + r80,
      low95: expected - r95,
      high95: expected + r95,
    };
  });
  return {
    model: best.candidate.model,
    period: best.period,
    mase: naive.mae > 0 ? best.mae / naive.mae : 0,
    origins: best.errors.length,
    steps,
  };
}
