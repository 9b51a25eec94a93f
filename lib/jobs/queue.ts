import type { QueueName } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** NOTIFY channel: sent at commit when a job is queued; the payload is its queue. */
export const JOB_CHANNEL = "sightline_job";

/** How the jobs of a queue are tried. */
export type QueueOptions = {
  /** After so many tries a job has failed for good. */
  maxAttempts: number;
  /** The pause after the first failure, ms: it doubles with each, up to `maxBackoffMs`. */
  backoffMs: number;
  maxBackoffMs: number;
  /** A worker that has not renewed its lease for so long, ms, counts as dead. */
  leaseMs: number;
};

/** Every queue there is. Mails and webhooks outlast a server that is away for some days; a file that fails is not tried again by itself. */
export const QUEUES = {
  export: { maxAttempts: 3, backoffMs: 0, maxBackoffMs: 0, leaseMs: 30_000 },
  "report schedule": { maxAttempts: 20, backoffMs: MINUTE_MS, maxBackoffMs: 6 * HOUR_MS, leaseMs: 5 * MINUTE_MS },
  mail: { maxAttempts: 24, backoffMs: MINUTE_MS, maxBackoffMs: 6 * HOUR_MS, leaseMs: 2 * MINUTE_MS },
  notice: { maxAttempts: 6, backoffMs: MINUTE_MS, maxBackoffMs: HOUR_MS, leaseMs: 2 * MINUTE_MS },
  alert: { maxAttempts: 24, backoffMs: 10_000, maxBackoffMs: HOUR_MS, leaseMs: MINUTE_MS },
  webhook: { maxAttempts: 24, backoffMs: MINUTE_MS, maxBackoffMs: 6 * HOUR_MS, leaseMs: MINUTE_MS },
} as const satisfies Record<QueueName, QueueOptions>;

/** A job as a worker holds it: `attempt` counts from 1. */
export type Job<P = unknown> = { id: number; key: string; payload: P; attempt: number };

export type NewJob = { key: string; payload: Prisma.InputJsonObject; runAt?: Date };

/**
 * Queues a job, in the caller's transaction where it has one. A job of the same key that waits or runs is left as it is; one that has failed
 * begins again. Answers whether it was queued.
 */
export async function sendJob(db: Connection, queue: QueueName, { key, payload, runAt }: NewJob): Promise<boolean> {
  const at = runAt ?? new Date();
  const rows = await db.$queryRaw<{ notified: string }[]>`
    WITH sent AS (
      INSERT INTO job (queue, key, payload, run_at) VALUES (${queue}, ${key}, ${JSON.stringify(payload)}::jsonb, ${at})
      ON CONFLICT (queue, key) DO UPDATE
        SET state = 'queued', attempts = 0, payload = excluded.payload, run_at = excluded.run_at, last_error = NULL
        WHERE job.state = 'failed'
      RETURNING queue
    ) SELECT pg_notify(${JOB_CHANNEL}, queue)::text AS notified FROM sent`;
  return rows.length > 0;
}

/** Queues jobs that are not there yet, in one statement: for what waits after an upgrade, a restore or a lost queue. Failed ones stay failed. */
export async function ensureJobs(db: Connection, queue: QueueName, jobs: Required<NewJob>[]): Promise<number> {
  if (jobs.length === 0) return 0;
  const data = jobs.map(({ key, payload, runAt }) => ({ queue, key, payload, runAt }));
  return (await db.job.createMany({ data, skipDuplicates: true })).count;
}

/** Takes a job out of its queue; a worker that runs it stops when it next renews its lease. */
export async function cancelJob(db: Connection, queue: QueueName, key: string): Promise<void> {
  await db.job.deleteMany({ where: { queue, key } });
}

/** Takes the job that has been due longest, or whose worker died, for this worker alone. `now` in ms. */
export async function claimJob<P>(db: Database, queue: QueueName, now: number): Promise<Job<P> | undefined> {
  const [job] = await db.$queryRaw<Job<P>[]>`
    UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = ${new Date(now + QUEUES[queue].leaseMs)}
    WHERE id = (
      SELECT id FROM job
      WHERE queue = ${queue} AND (
        (state = 'queued' AND run_at <= ${new Date(now)}) OR (state = 'running' AND lease_until < ${new Date(now)}))
      ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id, key, payload, attempts AS attempt`;
  return job;
}

/** The job as this worker has it: another that took it over, thinking this one dead, has the next attempt. */
const held = ({ id, attempt }: Job) => ({ id, attempts: attempt, state: "running" as const });

/** Says that the worker lives. False once the job is cancelled or another worker's. */
export async function renewLease(db: Connection, queue: QueueName, job: Job, now: number): Promise<boolean> {
  const leaseUntil = new Date(now + QUEUES[queue].leaseMs);
  return (await db.job.updateMany({ where: held(job), data: { leaseUntil } })).count > 0;
}

/** Ends a job that this worker still has: nothing of it stays in the queue. */
export async function completeJob(db: Connection, job: Job): Promise<boolean> {
  return (await db.job.deleteMany({ where: held(job) })).count > 0;
}

/** Gives a job back that this worker was stopped in: that is no attempt. */
export async function releaseJob(db: Connection, job: Job): Promise<void> {
  const data = { state: "queued" as const, attempts: { decrement: 1 } };
  await db.job.updateMany({ where: held(job), data });
}

/** The pause before the next attempt, ms, a fifth longer or shorter so that jobs that failed together do not come back together. */
export function backoff({ backoffMs, maxBackoffMs }: QueueOptions, attempt: number, random = Math.random): number {
  return Math.min(backoffMs * 2 ** (attempt - 1), maxBackoffMs) * (0.8 + 0.4 * random());
}

/** Whether a job is not tried again where this attempt fails. */
export const isLastAttempt = (queue: QueueName, { attempt }: Job): boolean => attempt >= QUEUES[queue].maxAttempts;

/** Writes down why an attempt failed. After the last one the job stays as failed, for `FAILED_KEPT_MS`. */
export async function failJob(
  db: Connection,
  queue: QueueName,
  job: Job,
  { reason, now }: { reason: string; now: number },
): Promise<void> {
  const last = isLastAttempt(queue, job);
  const data = {
    state: last ? ("failed" as const) : ("queued" as const),
    lastError: reason,
    runAt: new Date(now + (last ? 0 : backoff(QUEUES[queue], job.attempt))),
  };
  await db.job.updateMany({ where: held(job), data });
}

const FAILED_KEPT_MS = 14 * DAY_MS;

/** Forgets what failed long ago. */
export async function removeFailedJobs(db: Connection, now: number): Promise<void> {
  await db.job.deleteMany({ where: { state: "failed", runAt: { lt: new Date(now - FAILED_KEPT_MS) } } });
}

/** When the next job of each queue is due (ms), or the lease of one that runs is over. Queues without jobs are not in it. */
export async function dueTimes(db: Connection): Promise<Map<QueueName, number>> {
  const rows = await db.$queryRaw<{ queue: QueueName; at: Date }[]>`
    SELECT queue, min(CASE state WHEN 'queued' THEN run_at ELSE lease_until END) AS at FROM job
    WHERE state <> 'failed' GROUP BY queue`;
  return new Map(rows.map(({ queue, at }) => [queue, at.getTime()]));
}
