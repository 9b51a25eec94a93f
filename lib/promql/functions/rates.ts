/** A window on the samples of one series: those from `first` to before `end`; its bounds in ms since the epoch. */
export type Window = {
  times: Float64Array;
  values: Float64Array;
  first: number;
  end: number;
  fromMs: number;
  toMs: number;
  rangeMs: number;
};

/** Where a counter fell, so that a window need only look at those places. */
export class RateWindows {
  readonly #values: Float64Array;
  readonly #resets: number[] = [];
  /** The first reset that can be in a window: windows only move forward. */
  #next = 0;

  constructor(values: Float64Array) {
    this.#values = values;
    for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) this.#resets.push(i);
  }

  /** Calls back with each place in a window where a value is less than the one before it. */
  #eachReset({ first, end }: Window, found: (index: number) => void): void {
    const resets = this.#resets;
    while (this.#next < resets.length && (resets[this.#next] as number) <= first) this.#next += 1;
    for (let n = this.#next; n < resets.length && (resets[n] as number) < end; n++) found(resets[n] as number);
  }

  resetsWithin(window: Window): number {
    let count = 0;
    this.#eachReset(window, () => {
      count += 1;
    });
    return count;
  }

  /**
   * The growth over a window by Prometheus' rules: the samples' own growth, drawn out to the bounds of the window where the first and last of
   * them are near these, but not below zero of a counter. Undefined for fewer than two samples.
   */
  extrapolated(window: Window, { isCounter, isRate }: { isCounter: boolean; isRate: boolean }): number | undefined {
    const { times, first, end, fromMs, toMs, rangeMs } = window;
    const values = this.#values;
    if (end - first < 2) return undefined;
    const [start, last] = [values[first] as number, values[end - 1] as number];
    let growth = last - start;
    if (isCounter)
      this.#eachReset(window, (index) => {
        growth += values[index - 1] as number;
      });
    let toStart = ((times[first] as number) - fromMs) / 1000;
    const toEnd = (toMs - (times[end - 1] as number)) / 1000;
    const sampled = ((times[end - 1] as number) - (times[first] as number)) / 1000;
    const between = sampled / (end - first - 1);
    if (isCounter && growth > 0 && start >= 0) {
      const toZero = sampled * (start / growth);
      if (toZero < toStart) toStart = toZero;
    }
    const near = between * 1.1;
    let reach = sampled;
    reach += toStart < near ? toStart : between / 2;
    reach += toEnd < near ? toEnd : between / 2;
    const factor = reach / sampled;
    return growth * (isRate ? factor / (rangeMs / 1000) : factor);
  }
}
