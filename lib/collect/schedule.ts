import { type Clocks, SYSTEM_CLOCKS } from "#lib/time/clock.ts";

/** The first instant after `now` that is a whole multiple of the interval since the epoch, so that hosts agree on it. */
export function nextInstant(nowMs: number, intervalMs: number): number {
  return (Math.floor(nowMs / intervalMs) + 1) * intervalMs;
}

export type Tick = { at: number; lagMs: number; missed: number };

/** The two clocks may round differently. */
const ROUNDING_MS = 5;

/**
 * Calls `work` at every whole multiple of the interval, computed from the clock each time so that lateness never adds
 * up. No wait is longer than an interval: a clock that is set, in either direction, is followed within one. Instants
 * that pass while the process runs and cannot take them are skipped and counted in `missed`; those that a clock jumps over, or
 * that pass while the machine sleeps, are nobody's failure.
 */
export class Schedule {
  readonly #work: (tick: Tick) => Promise<void>;
  readonly #clocks: Clocks;
  #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #missed = 0;
  #stopped = false;

  constructor(intervalMs: number, work: (tick: Tick) => Promise<void>, clocks: Clocks = SYSTEM_CLOCKS) {
    this.#intervalMs = intervalMs;
    this.#work = work;
    this.#clocks = clocks;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  start(): void {
    this.#arm(nextInstant(this.#clocks.now(), this.#intervalMs));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Takes effect from the next instant of the new interval on. */
  change(intervalMs: number): void {
    if (intervalMs === this.#intervalMs) return;
    this.#intervalMs = intervalMs;
    if (this.#timer) this.start();
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const waitMs = Math.min(Math.max(at - this.#clocks.now(), 0), this.#intervalMs);
    const dueAt = this.#clocks.monotonic() + waitMs;
    this.#timer = setTimeout(() => this.#fire(at, dueAt), waitMs);
  }

  /** `dueAt` is when the instant `at` was to be, by the clock that only runs on. */
  async #fire(planned: number, dueAt: number): Promise<void> {
    const early = planned - this.#clocks.now();
    // Timers may fire a little before their time.
    if (early > 0 && early < this.#intervalMs) return this.#arm(planned);
    this.#timer = undefined;
    const at = this.#instantOf(planned);
    // The instant that is taken now is not missed.
    this.#countMissed(planned, at, dueAt + this.#intervalMs);
    const begun = this.#clocks.monotonic();
    const lagMs = Math.max(this.#clocks.now() - at, 0);
    await this.#work({ at, lagMs, missed: this.#missed });
    const next = this.#nextAfter(at);
    const expected = at + this.#intervalMs;
    if (expected % this.#intervalMs === 0) this.#countMissed(expected, next, begun - lagMs + this.#intervalMs);
    this.#arm(next);
  }

  /** The planned instant, or where the clock is now if it stands an interval away or more. */
  #instantOf(planned: number): number {
    const now = this.#clocks.now();
    const on = now >= planned && now - planned < this.#intervalMs;
    return on ? planned : Math.floor(now / this.#intervalMs) * this.#intervalMs;
  }

  #nextAfter(at: number): number {
    const now = this.#clocks.now();
    // One that ends just now is not late for this instant; a clock set back by less than an interval takes none twice.
    return nextInstant(at - now < this.#intervalMs ? Math.max(at, now - 1) : now, this.#intervalMs);
  }

  /** Counts the instants between the one that was to be and the one that is, as far as time has really passed since. */
  #countMissed(expected: number, actual: number, dueAt: number): void {
    const skipped = (actual - expected) / this.#intervalMs;
    const passed = Math.floor((this.#clocks.monotonic() - dueAt + ROUNDING_MS) / this.#intervalMs) + 1;
    this.#missed += Math.max(0, Math.min(Math.round(skipped), passed));
  }
}
