import { setImmediate } from "node:timers/promises";

/** How long work goes on before others have their turn: queries run in the process that serves pages. */
const TURN_MS = 15;

/** Lets other work of the process go on now and then. */
export class Turn {
  #endsAt = performance.now() + TURN_MS;

  /** Whether others are due. */
  get isOver(): boolean {
    return performance.now() >= this.#endsAt;
  }

  /** Lets others go on. */
  async end(): Promise<void> {
    await setImmediate();
    this.#endsAt = performance.now() + TURN_MS;
  }
}
