import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { log, reasonOf } from "#lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

const FIRST_PAUSE_MS = SECOND_MS;
const LONGEST_PAUSE_MS = 30 * SECOND_MS;
const STEADY_MS = MINUTE_MS;

export type KeptProcessOptions = {
  /** For the log. */
  name: string;
  fork(): ChildProcess;
  onMessage(message: unknown): void;
  onEnd?(): void;
};

/**
 * A child that is started again whenever it ends, with back-off and without end, and never beside itself: one that hangs in the kernel and
 * cannot be killed is waited for.
 */
export class KeptProcess {
  readonly #options: KeptProcessOptions;
  #child: ChildProcess | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: KeptProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Begins where it has not begun. */
  start(): void {
    if (this.#stopped || this.#child || this.#timer) return;
    const startedAt = performance.now();
    const ended = (details: object) => {
      if (this.#child === undefined) return;
      this.#child = undefined;
      this.#options.onEnd?.();
      if (!this.#stopped) this.#again(details, startedAt);
    };
    try {
      const child = this.#options.fork();
      this.#child = child;
      child.on("message", (message) => this.#options.onMessage(message));
      child.on("exit", (code, signal) => ended({ code, signal }));
      // Also when it could not be started at all; a failed send is no end.
      child.on("error", (error) => child.pid === undefined && ended({ reason: reasonOf(error) }));
    } catch (error) {
      this.#again({ reason: reasonOf(error) }, startedAt);
    }
  }

  /** Answers whether there was a process to send to. */
  send(message: object): boolean {
    if (!this.#child?.connected) return false;
    this.#child.send(message, () => undefined);
    return true;
  }

  /** Ends one that does not do its work; it is started again once it is gone. */
  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }

  #again(details: object, startedAt: number): void {
    if (performance.now() - startedAt > STEADY_MS) this.#pauseMs = FIRST_PAUSE_MS;
    log.warn(
      { process: this.#options.name, ...details, againInMs: this.#pauseMs },
      "a process ended: starting it again",
    );
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.start();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
