import { type ChildProcess, fork } from "node:child_process";
import { KeptProcess } from "#lib/collect/kept-process.ts";
import type { ProbeAnswer, ProbeName } from "#lib/collect/probes/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** So many probes may hang before others wait for them. */
const THREADS = 32;
/** A prober that says nothing for so long hangs as a whole. */
const SILENT_MS = 20 * SECOND_MS;
const PING_MS = 5 * SECOND_MS;

type Answer = { id: number; answer?: unknown; reason?: string };
type Waiting = { key: string; resolve(answer: unknown): void; reject(error: Error): void };

/** What keeps the prober's process small. */
export const PROBER_FLAGS: string[] = ["--max-semi-space-size=1", "--max-old-space-size=32", "--v8-pool-size=0"];

/** All that the prober's process needs to know. */
export const proberEnvironment = (): NodeJS.ProcessEnv => ({
  NODE_ENV: "production",
  PATH: process.env.PATH ?? "",
  UV_THREADPOOL_SIZE: String(THREADS),
  // Each of the threads would have a heap of its own.
  MALLOC_ARENA_MAX: "1",
});

/** Starts the prober, whose program is a file. */
export const proberAt = (file: string) => (): ChildProcess =>
  fork(file, { env: proberEnvironment(), execArgv: PROBER_FLAGS });

/**
 * Asks the prober what may hang. It is started at the first question. A probe that hangs is asked no second time beside itself; a prober that hangs as
 * a whole is killed, and started again once it is gone.
 */
export class Prober {
  readonly #process: KeptProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #pending = new Set<string>();
  readonly #silentMs: number;
  #id = 0;
  #heardAt = 0;
  #pingedAt = 0;

  constructor(start: () => ChildProcess, silentMs = SILENT_MS) {
    this.#silentMs = silentMs;
    this.#process = new KeptProcess({
      name: "prober",
      fork: start,
      onMessage: (message) => this.#onAnswer(message as Answer),
      onEnd: () => this.#onEnd(),
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** @throws Error when the probe fails, takes longer than `limitMs`, or still hangs from before */
  async ask<N extends ProbeName>(probe: N, subject: string, limitMs: number): Promise<ProbeAnswer<N>> {
    const key = `${probe} ${subject}`;
    if (this.#pending.has(key)) {
      this.#lookAfter();
      throw new Error(`${key} still hangs`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = ++this.#id;
    if (this.#waiting.size === 0) this.#heardAt = performance.now();
    this.#process.start();
    if (!this.#process.send({ id, probe, subject })) throw new Error("the prober is not running");
    this.#pending.add(key);
    this.#waiting.set(id, { key, resolve, reject });
    const timer = setTimeout(() => reject(new Error(`${key} takes longer than ${limitMs} ms`)), limitMs);
    try {
      return (await promise) as ProbeAnswer<N>;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it as it is; it is started again unless it was stopped. */
  kill(): void {
    this.#process.kill();
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  #onAnswer({ id, answer, reason }: Answer): void {
    this.#heardAt = performance.now();
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    this.#pending.delete(waiting.key);
    if (reason === undefined) waiting.resolve(answer);
    else waiting.reject(new Error(reason));
  }

  #onEnd(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error("the prober ended"));
    this.#waiting.clear();
    this.#pending.clear();
  }

  /** Does the prober itself hang, or only what it waits for? */
  #lookAfter(): void {
    const now = performance.now();
    if (now - this.#heardAt > this.#silentMs) this.#process.kill();
    if (now - this.#pingedAt < PING_MS) return;
    this.#pingedAt = now;
    this.#process.send({ id: 0, subject: "" });
  }
}
