import { KahanSum, quantileOf, staysInfinite } from "#lib/promql/functions/numbers.ts";
import type { RateWindows, Window } from "#lib/promql/functions/rates.ts";
import { executionError } from "#lib/promql/query/error.ts";

/** A window at one step of an evaluation. */
export type StepWindow = Window & {
  /** The instant of evaluation, ms since the epoch. */
  atMs: number;
  /** The scalar arguments at this step, in order. */
  scalars: number[];
  rates: RateWindows;
};

/** What a function makes of a window with at least one sample; undefined for no value. */
export type WindowFunction = (window: StepWindow) => number | undefined;

const lastOf = ({ values, end }: Window): number => values[end - 1] as number;
const countOf = ({ first, end }: Window): number => end - first;

function average({ values, first, end }: Window): number {
  const mean = new KahanSum();
  for (let i = first; i < end; i++) {
    const value = values[i] as number;
    const count = i - first + 1;
    if (!staysInfinite(mean.sum, value)) mean.add(value / count - mean.sum / count);
  }
  return Number.isFinite(mean.sum) || Number.isNaN(mean.sum) ? mean.total : mean.sum;
}

function sum({ values, first, end }: Window): number {
  const total = new KahanSum();
  for (let i = first; i < end; i++) total.add(values[i] as number);
  return Number.isFinite(total.sum) || Number.isNaN(total.sum) ? total.total : total.sum;
}

function maximum({ values, first, end }: Window): number {
  let most = values[first] as number;
  for (let i = first + 1; i < end; i++) {
    const value = values[i] as number;
    if (value > most || Number.isNaN(most)) most = value;
  }
  return most;
}

function minimum({ values, first, end }: Window): number {
  let least = values[first] as number;
  for (let i = first + 1; i < end; i++) {
    const value = values[i] as number;
    if (value < least || Number.isNaN(least)) least = value;
  }
  return least;
}

/** Welford's variance, with both sums compensated. */
function variance({ values, first, end }: Window): number {
  const [mean, squares] = [new KahanSum(), new KahanSum()];
  for (let i = first; i < end; i++) {
    const value = values[i] as number;
    const delta = value - mean.total;
    mean.add(delta / (i - first + 1));
    squares.add(delta * (value - mean.total));
  }
  return squares.total / (end - first);
}

function changes({ values, first, end }: Window): number {
  let count = 0;
  for (let i = first + 1; i < end; i++) {
    const [before, now] = [values[i - 1] as number, values[i] as number];
    if (now !== before && !(Number.isNaN(now) && Number.isNaN(before))) count += 1;
  }
  return count;
}

/** The line of least squares through the samples: its slope per second, and its value at an instant (ms). */
function regression({ times, values, first, end }: Window, atMs: number): { slope: number; intercept: number } {
  const sums = { x: new KahanSum(), y: new KahanSum(), xy: new KahanSum(), xx: new KahanSum() };
  const initial = values[first] as number;
  let isConstant = true;
  for (let i = first; i < end; i++) {
    const y = values[i] as number;
    if (i > first && y !== initial) isConstant = false;
    const x = ((times[i] as number) - atMs) / 1000;
    sums.x.add(x);
    sums.y.add(y);
    sums.xy.add(x * y);
    sums.xx.add(x * x);
  }
  if (isConstant) {
    const hasValue = Number.isFinite(initial) || Number.isNaN(initial);
    return hasValue ? { slope: 0, intercept: initial } : { slope: Number.NaN, intercept: Number.NaN };
  }
  const [n, x, y] = [end - first, sums.x.total, sums.y.total];
  const slope = (sums.xy.total - (x * y) / n) / (sums.xx.total - (x * x) / n);
  return { slope, intercept: y / n - (slope * x) / n };
}

function predict(window: StepWindow): number | undefined {
  if (countOf(window) < 2) return undefined;
  const { slope, intercept } = regression(window, window.atMs);
  return slope * (window.scalars[0] as number) + intercept;
}

function assertFactor(factor: number, name: string): void {
  if (factor <= 0 || factor >= 1)
    throw executionError(`invalid ${name} factor. Expected: 0 < ${name[0]}f < 1, got: ${factor.toFixed(6)}`);
}

/** Double exponential smoothing. */
function holtWinters(window: StepWindow): number | undefined {
  const { values, first, end, scalars } = window;
  const [smoothing, trend] = scalars as [number, number];
  assertFactor(smoothing, "smoothing");
  assertFactor(trend, "trend");
  if (countOf(window) < 2) return undefined;
  let [before, level] = [0, values[first] as number];
  let slope = (values[first + 1] as number) - level;
  for (let i = first + 1; i < end; i++) {
    const value = smoothing * (values[i] as number);
    if (i > first + 1) slope = trend * (level - before) + (1 - trend) * slope;
    const next = (1 - smoothing) * (level + slope);
    [before, level] = [level, value + next];
  }
  return level;
}

/** The difference between the last two samples; of a counter per second. */
function lastStep({ times, values, first, end }: Window, isRate: boolean): number | undefined {
  if (end - first < 2) return undefined;
  const [before, now] = [values[end - 2] as number, values[end - 1] as number];
  const change = isRate && now < before ? now : now - before;
  const ms = (times[end - 1] as number) - (times[end - 2] as number);
  return isRate ? change / (ms / 1000) : change;
}

/** The functions of range vectors. */
export const WINDOW_FUNCTIONS: ReadonlyMap<string, WindowFunction> = new Map<string, WindowFunction>([
  ["rate", (window) => window.rates.extrapolated(window, { isCounter: true, isRate: true })],
  ["increase", (window) => window.rates.extrapolated(window, { isCounter: true, isRate: false })],
  ["delta", (window) => window.rates.extrapolated(window, { isCounter: false, isRate: false })],
  ["irate", (window) => lastStep(window, true)],
  ["idelta", (window) => lastStep(window, false)],
  ["resets", (window) => window.rates.resetsWithin(window)],
  ["changes", changes],
  [
    "deriv",
    (window) => (countOf(window) < 2 ? undefined : regression(window, window.times[window.first] as number).slope),
  ],
  ["predict_linear", predict],
  ["holt_winters", holtWinters],
  ["avg_over_time", average],
  ["sum_over_time", sum],
  ["min_over_time", minimum],
  ["max_over_time", maximum],
  ["count_over_time", countOf],
  ["last_over_time", lastOf],
  ["present_over_time", () => 1],
  ["absent_over_time", () => 1],
  ["stdvar_over_time", variance],
  ["stddev_over_time", (window) => Math.sqrt(variance(window))],
  [
    "quantile_over_time",
    ({ values, first, end, scalars }) => quantileOf(scalars[0] as number, values.slice(first, end)),
  ],
]);
