import { connectionReason, ServerSession, type Target } from "#lib/databases/server/connection.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

const FIRST_PAUSE_MS = 5 * SECOND_MS;
const LONGEST_PAUSE_MS = MINUTE_MS;

/** The one connection that a server is sampled by: made again with growing pauses while the server is away. */
export class Link {
  readonly #target: () => Target;
  #session: ServerSession | undefined;
  #failures = 0;
  #retryAt = 0;
  #reason = "";

  /** `target` may throw: that is a failure like any other. */
  constructor(target: () => Target) {
    this.#target = target;
  }

  /** Why there is no connection. */
  get reason(): string {
    return this.#reason;
  }

  /** The connection; undefined while the server is away, of which `reason` then tells. `at` (ms) is now. */
  async open(at: number): Promise<ServerSession | undefined> {
    if (this.#session && !this.#session.isBroken) return this.#session;
    this.#session = undefined;
    // A clock that was set back must not keep it waiting.
    if (at < this.#retryAt && this.#retryAt - at <= LONGEST_PAUSE_MS) return undefined;
    try {
      this.#session = await ServerSession.open(this.#target());
      return this.#session;
    } catch (error) {
      this.lose(error, at);
      return undefined;
    }
  }

  /** All went well: the next failure is the first again. */
  confirm(): void {
    this.#failures = 0;
    this.#retryAt = 0;
  }

  /** Gives a connection up that failed. */
  lose(error: unknown, at: number): void {
    this.#reason = connectionReason(error);
    this.#retryAt = at + Math.min(FIRST_PAUSE_MS * 2 ** this.#failures++, LONGEST_PAUSE_MS);
    this.close();
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }
}
