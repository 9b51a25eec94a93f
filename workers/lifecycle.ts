import { setTimeout as sleep } from "node:timers/promises";
import { log, reasonOf } from "#lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

// The one start and stop of every worker. A worker is a process that the supervisor starts, that says when it is ready, and that stops when it
// is asked to by a signal or when the supervisor is gone.

/** A step of stopping: the steps run in order, each for itself and under a time limit. */
export type StopStep = () => unknown;

const STEP_LIMIT_MS = 8 * SECOND_MS;

const stopping = new AbortController();

/** Aborted once this process is to stop. */
export const stopSignal: AbortSignal = stopping.signal;

/** Tells the supervisor that this worker is ready. */
export const ready = (): void => void process.send?.({ ready: true });

async function runStep(step: StopStep): Promise<void> {
  try {
    await Promise.race([step(), sleep(STEP_LIMIT_MS, undefined, { ref: false })]);
  } catch (error) {
    log.warn({ reason: reasonOf(error) }, "a step of stopping failed");
  }
}

/** Stops once, by SIGTERM or when the supervisor is gone: `steps` in order, then the process ends. Answers a way to do the same by hand. */
export function onStop(...steps: StopStep[]): (code?: number) => Promise<never> {
  let ended: Promise<never> | undefined;
  const stop = (code = 0): Promise<never> => {
    ended ??= (async () => {
      stopping.abort();
      for (const step of steps) await runStep(step);
      return process.exit(code);
    })();
    return ended;
  };
  process.on("SIGTERM", () => void stop());
  process.on("disconnect", () => void stop());
  return stop;
}

/** Something that is done again and again. */
export type Task = {
  /** For the log. */
  name: string;
  run(signal: AbortSignal): Promise<unknown>;
  /** How long to wait after a round, ms. */
  pauseMs(): number;
};

const FIRST_BACKOFF_MS = SECOND_MS;
const MAX_BACKOFF_MS = 5 * MINUTE_MS;

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);

async function repeat({ name, run, pauseMs }: Task): Promise<void> {
  let failures = 0;
  while (!stopSignal.aborted) {
    try {
      await run(stopSignal);
      failures = 0;
      await pause(pauseMs(), stopSignal);
    } catch (error) {
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** failures++, MAX_BACKOFF_MS);
      if (!stopSignal.aborted) log.warn({ task: name, reason: reasonOf(error), backoffMs }, "a task failed");
      await pause(backoffMs, stopSignal);
    }
  }
}

/**
 * Repeats tasks until the process is to stop, each in a loop of its own: one that fails or takes long delays no other, and is tried again with
 * back-off. Resolves when the round of each is over.
 */
export const repeatTasks = async (tasks: Task[]): Promise<void> => void (await Promise.all(tasks.map(repeat)));
