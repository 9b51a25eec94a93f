import { Turn } from "#lib/time/turn.ts";

/** Lets work of many small steps yield to others, and end in its time. */
export class Pace {
  readonly #endsAt: number;
  readonly #late: string;
  readonly #signal: AbortSignal | undefined;
  readonly #turn = new Turn();

  /** `endsAt` by performance.now(); `late` is what is said once it has passed. */
  constructor(endsAt: number, late: string, signal?: AbortSignal) {
    this.#endsAt = endsAt;
    this.#late = late;
    this.#signal = signal;
  }

  /** Whether others should have their turn. */
  get isDue(): boolean {
    return this.#turn.isOver;
  }

  /** Gives others their turn. @throws Error in words once the work is late, or was stopped */
  async pause(): Promise<void> {
    await this.#turn.end();
    if (this.#signal?.aborted) throw new Error("It was stopped");
    if (performance.now() > this.#endsAt) throw new Error(this.#late);
  }
}
