import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** What is taken for the interval of a source of which there are too few instants. */
export const UNKNOWN_INTERVAL_MS = MINUTE_MS;

/** So many of the newest instants are looked at, and so many there must be. */
const KEPT = 12;
const LEAST = 4;
/** Another interval is another one when it differs by more than this part. */
const TOLERANCE = 0.1;
const FINE_MS = 100;
const LONGEST_MS = 2 ** 31 - 1;

/** Estimates how far apart (ms) the samples of a source are meant to be: by the median gap between its newest instants. */
export class Cadence {
  readonly #instants: number[] = [];

  /** Notes an instant (ms), in any order and as often as it comes. */
  note(at: number): void {
    const newest = this.#instants.at(-1);
    if (at === newest) return;
    if (newest === undefined || at > newest) this.#instants.push(at);
    else {
      const after = this.#instants.findIndex((other) => other >= at);
      if (this.#instants[after] === at) return;
      this.#instants.splice(after, 0, at);
    }
    if (this.#instants.length > KEPT) this.#instants.shift();
  }

  /** The interval, rounded to seconds, below one to 100 ms; `current` where it is still that, or nothing can be said yet. */
  estimate(current: number): number {
    if (this.#instants.length < LEAST) return current;
    const gaps = this.#instants.slice(1).map((at, n) => at - (this.#instants[n] as number));
    const median = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] as number;
    const unit = median >= SECOND_MS ? SECOND_MS : FINE_MS;
    const rounded = Math.min(Math.max(unit, Math.round(median / unit) * unit), LONGEST_MS);
    return Math.abs(rounded - current) > TOLERANCE * current ? rounded : current;
  }
}
