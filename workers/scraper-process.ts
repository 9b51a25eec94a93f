import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { log } from "#lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { forkWorker } from "./secrets.ts";

/** How long the scraper goes on without an input, in which it ends the series of those that it had. */
const LINGER_MS = 30 * SECOND_MS;
/** A young generation that is collected early, and glibc's heaps, of which it keeps one a thread: bodies come and go. */
const FLAGS = ["--max-semi-space-size=4"];
const ENV = { MALLOC_ARENA_MAX: "1" };
const FIRST_PAUSE_MS = SECOND_MS;
const LONGEST_PAUSE_MS = MINUTE_MS;

/** The process that scrapes, which runs while there is an input that does: without one it would take memory for nothing. */
export class ScraperProcess {
  readonly #program: string;
  readonly #lingerMs: number;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> | undefined;
  #neededAt = 0;
  #startAt = 0;
  #pauseMs: number;

  /** `pauseMs` is waited after a first crash. */
  constructor(program: string, { lingerMs = LINGER_MS, pauseMs = FIRST_PAUSE_MS } = {}) {
    this.#program = program;
    [this.#lingerMs, this.#pauseMs] = [lingerMs, pauseMs];
  }

  /** Starts it where it is needed and does not run, or tells it to stop once it was not needed for a while. */
  follow(isNeeded: boolean): void {
    const now = performance.now();
    if (isNeeded) this.#neededAt = now;
    if (isNeeded && !this.#child && now >= this.#startAt) this.#start(now);
    if (!isNeeded && now - this.#neededAt > this.#lingerMs) this.#child?.kill("SIGTERM");
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Tells it to stop, and resolves once it has. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.#ended;
  }

  #start(now: number): void {
    const child = forkWorker(this.#program, ["DATABASE_URL", "NEXTAUTH_SECRET"], {
      execArgv: FLAGS,
      env: { ...process.env, ...ENV },
    });
    this.#child = child;
    this.#ended = once(child, "exit").then(([code, signal]) => {
      this.#child = undefined;
      if (code === 0) return;
      if (performance.now() - now > MINUTE_MS) this.#pauseMs = FIRST_PAUSE_MS;
      log.error({ code, signal, againInMs: this.#pauseMs }, "the scraper ended");
      this.#startAt = performance.now() + this.#pauseMs;
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    });
  }
}
