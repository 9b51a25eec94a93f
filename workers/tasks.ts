import { setTimeout as sleep } from "node:timers/promises";
import { log, reasonOf } from "#lib/log.ts";
import { durations, secondsSince } from "#lib/telemetry/durations.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** Something that is done again and again. */
export type Task<Name extends string = string> = {
  /** For the log, and for who records how rounds end. */
  name: Name;
  /** The signal is aborted when the process is to stop, and when a round takes longer than its limit. */
  run(signal: AbortSignal): Promise<unknown>;
  /** How long to wait after a round, ms. */
  pauseMs(): number;
  /** How long a round may take, ms. */
  limitMs?: number;
  /** The longest pause after rounds that fail, ms. */
  maxBackoffMs?: number;
};

const LIMIT_MS = 10 * MINUTE_MS;
const FIRST_BACKOFF_MS = SECOND_MS;
const MAX_BACKOFF_MS = 5 * MINUTE_MS;

/** Writes down how a round ended: with an error, or well (undefined). It is also told of a round that is over its limit and still runs. */
type Recorder<Name extends string> = (task: Name, error: unknown) => Promise<void>;

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** A round that does not heed its signal is waited for all the same, since a second one beside it would do the same work; the log says so. */
async function runRound<N extends string>(
  { name, run, limitMs = LIMIT_MS }: Task<N>,
  stop: AbortSignal,
  record: Recorder<N>,
): Promise<void> {
  const limit = new AbortController();
  let limits = 0;
  const timer = setInterval(() => {
    const tooLong = new Error(`It takes longer than ${limitMs / SECOND_MS} s`);
    limit.abort(tooLong);
    void record(name, tooLong);
    log.error(
      { task: name, runsForMs: ++limits * limitMs },
      "a task takes too long: it was told to stop and still runs",
    );
  }, limitMs).unref();
  const startedAt = performance.now();
  let status = "error";
  try {
    await run(AbortSignal.any([stop, limit.signal]));
    status = "ok";
  } finally {
    clearInterval(timer);
    durations().observe("sightline.task.duration", { task: name, status }, secondsSince(startedAt));
  }
}

async function repeat<N extends string>(task: Task<N>, stop: AbortSignal, record: Recorder<N>): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      await runRound(task, stop, record);
      failures = 0;
      await record(task.name, undefined);
      await pause(task.pauseMs(), stop);
    } catch (error) {
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** failures++, task.maxBackoffMs ?? MAX_BACKOFF_MS);
      if (!stop.aborted) {
        log.warn({ task: task.name, reason: reasonOf(error), backoffMs }, "a task failed");
        await record(task.name, error);
      }
      await pause(backoffMs, stop);
    }
  }
}

/**
 * Repeats tasks until the signal is aborted, each in a loop of its own: one that fails or takes long delays no other, and is tried again with
 * back-off. Resolves when the round of each is over. What cannot be recorded is logged only.
 */
export async function repeatTasks<N extends string>(
  tasks: Task<N>[],
  stop: AbortSignal,
  record: Recorder<N> = () => Promise.resolve(),
): Promise<void> {
  const recorded: Recorder<N> = (task, error) =>
    record(task, error).catch((failure: unknown) =>
      log.warn({ task, reason: reasonOf(failure) }, "how a task ended could not be recorded"),
    );
  await Promise.all(tasks.map((task) => repeat(task, stop, recorded)));
}
