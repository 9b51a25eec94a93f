import { runStopSteps, type StopStep, WORKER_STOP_MS } from "./stop.ts";

// The one start and stop of every process of the portal. A worker is a process that the supervisor starts, that says when it is ready, and that
// stops when a signal says so or when the supervisor is gone.

const stopping = new AbortController();

/** Aborted once this process is to stop. */
export const stopSignal: AbortSignal = stopping.signal;

/** Tells the supervisor that this worker is ready. */
export const ready = (): void => void process.send?.({ ready: true });

/**
 * Stops once, by whichever comes first of a signal and the end of the process that started this one: the steps in order, then this process ends.
 * Answers a way to do the same by hand.
 */
export function onStop(steps: StopStep[], budgetMs = WORKER_STOP_MS): (code?: number) => Promise<never> {
  let ended: Promise<never> | undefined;
  const stop = (code = 0): Promise<never> => {
    ended ??= (async () => {
      stopping.abort();
      await runStopSteps(steps, budgetMs);
      return process.exit(code);
    })();
    return ended;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop(1));
  return stop;
}
