/** The first instant after `now` that is a whole multiple of the interval since the epoch, so that hosts agree on it. */
export function nextInstant(nowMs: number, intervalMs: number): number {
  return (Math.floor(nowMs / intervalMs) + 1) * intervalMs;
}

export type Tick = { at: number; lagMs: number; missed: number };

/**
 * Calls `work` at every whole multiple of the interval, computed from the clock each time so that lateness never adds
 * up. Instants that pass while `work` still runs are skipped and counted in `missed`.
 */
export class Schedule {
  readonly #work: (tick: Tick) => Promise<void>;
  #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #missed = 0;
  #stopped = false;

  constructor(intervalMs: number, work: (tick: Tick) => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#work = work;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  start(): void {
    this.#arm(nextInstant(Date.now(), this.#intervalMs));
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
    this.#timer = setTimeout(() => this.#fire(at), Math.max(at - Date.now(), 0));
  }

  async #fire(at: number): Promise<void> {
    const early = at - Date.now();
    // Timers may fire a little before their time, and the clock may have been set back.
    if (early > 0 && early <= this.#intervalMs) return this.#arm(at);
    this.#timer = undefined;
    await this.#work({ at, lagMs: Math.max(Date.now() - at, 0), missed: this.#missed });
    const next = nextInstant(Math.max(at, Date.now() - 1), this.#intervalMs);
    const expected = at + this.#intervalMs;
    if (next > expected && expected % this.#intervalMs === 0) this.#missed += (next - expected) / this.#intervalMs;
    this.#arm(next);
  }
}
