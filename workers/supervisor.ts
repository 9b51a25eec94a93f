import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { log } from "#lib/log.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { LEAN_ENV, LEAN_FLAGS } from "./lean.ts";
import { forkWorker, type Secret } from "./secrets.ts";
import { WORKER_KILL_MS } from "./stop.ts";

// All of them: starts the other workers and starts again whichever ends before it is told to.

export type Workers = {
  /** Resolves when each has said that it is ready. */
  ready: Promise<void>;
  stop(): Promise<void>;
};

/** The workers, and what each is told. */
const WORKERS: Record<string, readonly Secret[]> = {
  web: ["DATABASE_URL", "NEXTAUTH_SECRET"],
  recorder: ["DATABASE_URL"],
  background: ["DATABASE_URL", "NEXTAUTH_SECRET"],
};
const FLAGS = ["--disable-warning=ExperimentalWarning"];
/** The web server, for which people wait, collects its young generation at 4 MiB in place of 16: at 1 it took up to six times the CPU for what inputs send it. */
const FLAGS_OF: Record<string, readonly string[]> = { web: ["--max-semi-space-size=4"] };
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const STEADY_MS = MINUTE_MS;

class Worker {
  readonly #program: string;
  readonly #needs: readonly Secret[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #stopping = false;
  readonly ready: Promise<void>;
  #markReady: () => void = () => undefined;

  constructor(program: string, needs: readonly Secret[], env: NodeJS.ProcessEnv, flags: readonly string[]) {
    this.#program = program;
    this.#flags = flags;
    this.#needs = needs;
    this.#env = env;
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
    this.#start();
  }

  #start(): void {
    const startedAt = Date.now();
    // Its own process group: Ctrl-C in a terminal reaches the supervisor, which stops the others in order.
    const options = { env: { ...this.#env, ...LEAN_ENV }, detached: true, execArgv: [...this.#flags] };
    const child = forkWorker(this.#program, this.#needs, options);
    this.#child = child;
    child.on("message", (message: { ready?: boolean }) => message.ready && this.#markReady());
    child.on("exit", (code, signal) => {
      if (this.#stopping) return;
      if (Date.now() - startedAt > STEADY_MS) this.#pauseMs = FIRST_PAUSE_MS;
      log.error({ program: this.#program, code, signal, againInMs: this.#pauseMs }, "a worker ended");
      setTimeout(() => !this.#stopping && this.#start(), this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const timer = setTimeout(() => child.kill("SIGKILL"), WORKER_KILL_MS);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(timer);
  }
}

/** Starts the built workers of a folder with an environment. */
export function startWorkers(dir: string, env: NodeJS.ProcessEnv): Workers {
  const workers = Object.entries(WORKERS).map(
    ([name, needs]) => new Worker(join(dir, `${name}.js`), needs, env, [...FLAGS, ...(FLAGS_OF[name] ?? LEAN_FLAGS)]),
  );
  return {
    ready: Promise.all(workers.map((worker) => worker.ready)).then(() => undefined),
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
