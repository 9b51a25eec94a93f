import { log, reasonOf } from "#lib/log.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

// How a process stops. The limits enclose one another: a worker's steps, then the supervisor's patience with it, then the portal's stop.

/** What all steps of a worker may take together. */
export const WORKER_STOP_MS = 9 * SECOND_MS;
/** When the supervisor kills a worker that was asked to stop. */
export const WORKER_KILL_MS = 10 * SECOND_MS;

/** A step of stopping. */
export type StopStep = {
  /** For the log. */
  name: string;
  run(): unknown;
  /** What the steps before it leave to it of the common time at least, ms. */
  reservedMs?: number;
};

const RESERVED_MS = SECOND_MS / 2;
const OVERDUE = Symbol("overdue");

async function runStep({ name, run }: StopStep, overdue: Promise<typeof OVERDUE>): Promise<void> {
  try {
    if ((await Promise.race([run(), overdue])) === OVERDUE)
      log.warn({ step: name }, "a step of stopping takes too long: it is left");
  } catch (error) {
    log.warn({ step: name, reason: reasonOf(error) }, "a step of stopping failed");
  }
}

/** Runs steps in order within a common time, ms. One that fails or hangs is logged and keeps no other from its own time. */
export async function runStopSteps(steps: StopStep[], budgetMs: number): Promise<void> {
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number) =>
    new Promise<typeof OVERDUE>((resolve) => timers.push(setTimeout(() => resolve(OVERDUE), Math.max(0, ms))));
  let latestMs = budgetMs - steps.reduce((sum, { reservedMs = RESERVED_MS }) => sum + reservedMs, 0);
  const limits = steps.map(({ reservedMs = RESERVED_MS }) => {
    latestMs += reservedMs;
    return after(latestMs);
  });
  for (const [n, step] of steps.entries()) await runStep(step, limits[n] as Promise<typeof OVERDUE>);
  timers.forEach(clearTimeout);
}
