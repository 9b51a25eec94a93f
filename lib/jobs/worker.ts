import type { QueueName } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import {
  claimJob,
  completeJob,
  failJob,
  isLastAttempt,
  type Job,
  QUEUES,
  releaseJob,
  renewLease,
} from "#lib/jobs/queue.ts";
import { log, reasonOf } from "#lib/log.ts";
import { durations, secondsSince } from "#lib/telemetry/durations.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What is done about the jobs of a queue. Both may run again for the same job after a kill, so that they change nothing twice. */
export type JobHandler<P> = {
  /** Throws where the job is to be tried again. The signal is aborted once the job is cancelled or lost, or the worker stops. */
  run(payload: P, job: Job<P>, signal: AbortSignal): Promise<void>;
  /** Writes on the row that a reader sees that the job waits again, since its worker was stopped. */
  released?(payload: P): Promise<void>;
  /** Writes on the row that a reader sees why an attempt failed; `last` says that no other follows. */
  failed?(payload: P, reason: string, last: boolean): Promise<void>;
};

export type WorkOptions = {
  /** The clock, ms: of a test, or of now. */
  now?: () => number;
  /** Stops between two jobs, and within one. */
  signal?: AbortSignal;
};

const LOOK_MS = SECOND_MS / 2;

type Clock = { claimedAt: number; now(): number };

/**
 * Renews the lease until it is lost, which aborts: the job was cancelled or is another's, or no renewal has got through for so long, be it that
 * the database refuses or that it is silent, that the job will be anyone's in a moment.
 */
function keepLease(
  db: Database,
  queue: QueueName,
  job: Job,
  { claimedAt, now }: Clock,
): { lost: AbortSignal; stop(): void } {
  const { leaseMs } = QUEUES[queue];
  const lost = new AbortController();
  let [endsAt, renewAt] = [claimedAt + leaseMs, claimedAt + leaseMs / 4];
  const logged = { queue, key: job.key };
  async function renew(at: number): Promise<void> {
    renewAt = at + leaseMs / 4;
    try {
      if (await renewLease(db, queue, job, at)) endsAt = Math.max(endsAt, at + leaseMs);
      else lost.abort();
    } catch (error) {
      log.warn({ ...logged, reason: reasonOf(error) }, "the lease of a job could not be renewed");
    }
  }
  const timer = setInterval(() => {
    const at = now();
    if (at >= endsAt - LOOK_MS) {
      if (!lost.signal.aborted) log.warn(logged, "a job is left: its lease was not renewed in time");
      lost.abort();
    } else if (at >= renewAt) void renew(at);
  }, LOOK_MS).unref();
  return { lost: lost.signal, stop: () => clearInterval(timer) };
}

type Outcome = "done" | "failed" | "released";

async function runJob<P>(
  db: Database,
  queue: QueueName,
  handler: JobHandler<P>,
  job: Job<P>,
  { claimedAt, now, signal = new AbortController().signal }: Clock & Pick<WorkOptions, "signal">,
): Promise<Outcome> {
  const lease = keepLease(db, queue, job, { claimedAt, now });
  try {
    if (job.attempt > QUEUES[queue].maxAttempts) throw new Error(`It was interrupted ${job.attempt - 1} times`);
    await handler.run(job.payload, job, AbortSignal.any([signal, lease.lost]));
    await completeJob(db, job);
    return "done";
  } catch (error) {
    // Cancelled, or another worker's by now or soon: neither is this one's to write down.
    if (lease.lost.aborted) return "released";
    if (signal.aborted) {
      await handler.released?.(job.payload);
      await releaseJob(db, job);
      return "released";
    }
    if (!(await renewLease(db, queue, job, now()))) return "released";
    const [reason, last] = [reasonOf(error), isLastAttempt(queue, job)];
    log.warn({ queue, key: job.key, attempt: job.attempt, last, reason }, "a job failed");
    // The reader's row first: after a kill in between the job comes back and finds that row ended.
    await handler.failed?.(job.payload, reason, last);
    await failJob(db, queue, job, { reason, now: now() });
    return "failed";
  } finally {
    lease.stop();
  }
}

/** Runs the jobs of a queue that are due, one after the other; one that fails stops no other. Answers how many ended which way. */
export async function runDueJobs<P>(
  db: Database,
  queue: QueueName,
  handler: JobHandler<P>,
  options: WorkOptions = {},
): Promise<{ done: number; failed: number }> {
  const { now = Date.now, signal } = options;
  const counts = { done: 0, failed: 0 };
  while (!signal?.aborted) {
    const claimedAt = now();
    const job = await claimJob<P>(db, queue, claimedAt);
    if (!job) break;
    const startedAt = performance.now();
    const outcome = await runJob(db, queue, handler, job, { claimedAt, now, ...(signal && { signal }) }).catch(
      (error: Error) => {
        log.warn(
          { queue, key: job.key, reason: reasonOf(error) },
          "how a job ended could not be stored: it comes back",
        );
        return "failed" as const;
      },
    );
    durations().observe("sightline.job.duration", { queue, status: outcome }, secondsSince(startedAt));
    if (outcome !== "released") counts[outcome]++;
  }
  return counts;
}
