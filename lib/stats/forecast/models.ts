import type { ForecastModel } from "#lib/contract/enums.ts";

/**
 * A model that has seen a series up to now and says what comes next. `update` learns one more sample, NaN for a missing one;
 * `ahead(h)` is the expected value h steps on (h >= 1).
 */
export type Predictor = { update(sample: number): void; ahead(steps: number): number };

export type Candidate = { model: ForecastModel; make(period: number): Predictor };

/** The mean of each slot in the period, learned by visits; `rate` is the least weight of a new visit. */
class Season {
  readonly #seasonal: Float64Array;
  readonly #visits: Uint32Array;
  readonly #rate: number;

  constructor(period: number, rate: number) {
    this.#seasonal = new Float64Array(period);
    this.#visits = new Uint32Array(period);
    this.#rate = rate;
  }

  get period(): number {
    return this.#seasonal.length;
  }

  at(time: number): number {
    return this.#seasonal[time % this.period] as number;
  }

  /** Was the slot of this time ever seen? */
  knows(time: number): boolean {
    return (this.#visits[time % this.period] as number) > 0;
  }

  learn(time: number, value: number): void {
    const slot = time % this.period;
    this.#visits[slot] = (this.#visits[slot] as number) + 1;
    const weight = Math.max(1 / (this.#visits[slot] as number), this.#rate);
    this.#seasonal[slot] = (this.#seasonal[slot] as number) + (value - (this.#seasonal[slot] as number)) * weight;
  }
}

/** The value one period ago; of a series without a season the last one. */
function seasonalNaive(period: number): Predictor {
  const season = new Season(period, 1);
  let [time, last] = [0, 0];
  return {
    update(sample) {
      if (!Number.isNaN(sample)) {
        season.learn(time, sample);
        last = sample;
      }
      time++;
    },
    ahead(steps) {
      const at = time + steps - 1;
      return season.knows(at) ? season.at(at) : last;
    },
  };
}

type Smoothing = { alpha: number; beta: number; gamma: number; phi: number };

/** ETS(A,Ad,A): additive Holt and Winters with a damped trend (Hyndman et al., Forecasting with Exponential Smoothing, 2008). */
function smoothing({ alpha, beta, gamma, phi }: Smoothing) {
  return (period: number): Predictor => {
    const season = new Season(period, gamma);
    let [time, level, trend] = [0, Number.NaN, 0];
    const damping = (steps: number) => (phi * (1 - phi ** steps)) / (1 - phi);
    const seasonAt = (at: number) => (period > 1 && season.knows(at) ? season.at(at) : 0);
    return {
      update(sample) {
        if (Number.isNaN(level)) level = sample;
        if (!Number.isNaN(sample)) {
          const expected = level + phi * trend;
          const error = sample - expected - seasonAt(time);
          level = expected + alpha * error;
          trend = phi * trend + alpha * beta * error;
          if (period > 1) season.learn(time, sample - level);
        }
        time++;
      },
      ahead: (steps) => level + damping(steps) * trend + seasonAt(time + steps - 1),
    };
  };
}

/** Theta as simple smoothing with half the slope as drift (Hyndman and Billah 2003), on the series less its season. */
function theta(alpha: number) {
  return (period: number): Predictor => {
    const season = new Season(period, 0.1);
    let [time, level, count] = [0, Number.NaN, 0];
    let [meanX, meanY, covariance, variance] = [0, 0, 0, 0];
    const seasonAt = (at: number) => (period > 1 && season.knows(at) ? season.at(at) : 0);
    return {
      update(sample) {
        if (Number.isNaN(level)) level = sample;
        if (!Number.isNaN(sample)) {
          const plain = sample - seasonAt(time);
          level += alpha * (plain - level);
          count++;
          const dx = time - meanX;
          meanX += dx / count;
          meanY += (plain - meanY) / count;
          covariance += dx * (plain - meanY);
          variance += dx * (time - meanX);
          if (period > 1) season.learn(time, sample - meanY);
        }
        time++;
      },
      ahead(steps) {
        const slope = count > 2 * period && variance > 0 ? covariance / variance : 0;
        return level + (slope / 2) * steps + seasonAt(time + steps - 1);
      },
    };
  };
}

/** The usual of the slot in the period; how far the series is from it now decays as it did so far (an AR(1) error). */
function profile(rate: number) {
  return (period: number): Predictor => {
    const season = new Season(period, rate);
    let [time, mean, before, product, square] = [0, Number.NaN, 0, 0, 0];
    const usual = (at: number) => (period > 1 && season.knows(at) ? season.at(at) : mean);
    return {
      update(sample) {
        if (Number.isNaN(mean)) mean = sample;
        if (!Number.isNaN(sample)) {
          const error = sample - usual(time);
          product = 0.99 * product + before * error;
          square = 0.99 * square + error * error;
          before = error;
          mean += (sample - mean) * Math.max(1 / (time + 1), rate / period);
          season.learn(time, sample);
        }
        time++;
      },
      ahead(steps) {
        const phi = square > 0 ? Math.min(Math.max(product / square, 0), 0.999) : 0;
        return usual(time + steps - 1) + phi ** steps * before;
      },
    };
  };
}

/** The mean of one of each kind, which seldom is the best and seldom far from it (Makridakis et al., M4, 2020). */
function combined(period: number): Predictor {
  const members = [
    smoothing({ alpha: 0.2, beta: 0.1, gamma: 0.1, phi: 0.9 }),
    theta(0.2),
    profile(0.1),
    profile(0.3),
  ].map((make) => make(period));
  return {
    update: (sample) => {
      for (const member of members) member.update(sample);
    },
    ahead: (steps) => members.reduce((sum, member) => sum + member.ahead(steps), 0) / members.length,
  };
}

const ALPHAS = [0.05, 0.2, 0.5, 0.9];

export const NAIVE: Candidate = { model: "seasonal naive", make: seasonalNaive };

export const CANDIDATES: Candidate[] = [
  NAIVE,
  ...ALPHAS.flatMap((alpha) =>
    [0, 0.1].map(
      (beta): Candidate => ({
        model: "exponential smoothing",
        make: smoothing({ alpha, beta, gamma: 0.1, phi: 0.95 }),
      }),
    ),
  ),
  ...ALPHAS.map((alpha): Candidate => ({ model: "theta", make: theta(alpha) })),
  ...[0.1, 0.3].map((rate): Candidate => ({ model: "profile", make: profile(rate) })),
  { model: "combined", make: combined },
];
