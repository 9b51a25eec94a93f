import { setTimeout as sleep } from "node:timers/promises";
import { log, reasonOf } from "#lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** Something that is done again and again. */
export type Task = {
  /** For the log. */
  name: string;
  /** The signal is aborted when the process is to stop, and when a round takes longer than its limit. */
  run(signal: AbortSignal): Promise<unknown>;
  /** How long to wait after a round, ms. */
  pauseMs(): number;
  /** How long a round may take, ms. */
  limitMs?: number;
};

const LIMIT_MS = 10 * MINUTE_MS;
const FIRST_BACKOFF_MS = SECOND_MS;
const MAX_BACKOFF_MS = 5 * MINUTE_MS;

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** A round that does not heed its signal is waited for all the same, since a second one beside it would do the same work; the log says so. */
async function runRound({ name, run, limitMs = LIMIT_MS }: Task, stop: AbortSignal): Promise<void> {
  const limit = new AbortController();
  let limits = 0;
  const timer = setInterval(() => {
    limit.abort(new Error(`It takes longer than ${limitMs / SECOND_MS} s`));
    log.error(
      { task: name, runsForMs: ++limits * limitMs },
      "a task takes too long: it was told to stop and still runs",
    );
  }, limitMs).unref();
  try {
    await run(AbortSignal.any([stop, limit.signal]));
  } finally {
    clearInterval(timer);
  }
}

async function repeat(task: Task, stop: AbortSignal): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      await runRound(task, stop);
      failures = 0;
      await pause(task.pauseMs(), stop);
    } catch (error) {
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** failures++, MAX_BACKOFF_MS);
      if (!stop.aborted) log.warn({ task: task.name, reason: reasonOf(error), backoffMs }, "a task failed");
      await pause(backoffMs, stop);
    }
  }
}

/**
 * Repeats tasks until the signal is aborted, each in a loop of its own: one that fails or takes long delays no other, and is tried again with
 * back-off. Resolves when the round of each is over.
 */
export const repeatTasks = async (tasks: Task[], stop: AbortSignal): Promise<void> =>
  void (await Promise.all(tasks.map((task) => repeat(task, stop))));
