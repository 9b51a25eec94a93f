import { setImmediate } from "node:timers/promises";

/** So long others wait for work of many small steps, ms. */
const TURN_MS = 10;

/** Lets work of many small steps yield to others, and end in its time. */
export class Pace {
  readonly #endsAt: number;
  readonly #late: string;
  readonly #signal: AbortSignal | undefined;
  #turnEndsAt = performance.now() + TURN_MS;

  /** `endsAt` by performance.now(); `late` is what is said once it has passed. */
  constructor(endsAt: number, late: string, signal?: AbortSignal) {
    this.#endsAt = endsAt;
    this.#late = late;
    this.#signal = signal;
  }

  /** Whether others should have their turn. */
  get isDue(): boolean {
    return performance.now() > this.#turnEndsAt;
  }

  /** Gives others their turn. @throws Error in words once the work is late, or was stopped */
  async pause(): Promise<void> {
    await setImmediate();
    if (this.#signal?.aborted) throw new Error("It was stopped");
    if (performance.now() > this.#endsAt) throw new Error(this.#late);
    this.#turnEndsAt = performance.now() + TURN_MS;
  }
}
