import { QUEUE_NAMES, type QueueName, type TaskName } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { held } from "#lib/db/held.ts";
import { log, reasonOf } from "#lib/log.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** The pause after the first failure, which doubles with each, and the longest, ms. */
type Pauses = { firstMs: number; mostMs: number };

const MAX_BACKOFF_MS = HOUR_MS;
const PAUSES: Pauses = { firstMs: MINUTE_MS, mostMs: MAX_BACKOFF_MS };

/** Who is on call hears nothing meanwhile. */
const SHORTER: Partial<Record<TaskName, Pauses>> = {
  alerts: { firstMs: 10 * SECOND_MS, mostMs: MINUTE_MS },
  expressions: { firstMs: 10 * SECOND_MS, mostMs: 5 * MINUTE_MS },
};

const pausesOf = (task: TaskName): Pauses => SHORTER[task] ?? PAUSES;

/** What was not tried for so long is no longer there: its host or experiment was deleted. */
const FORGOTTEN_MS = 3 * MAX_BACKOFF_MS;

/** The subject of a task that failed as a whole. */
const ALL = "";

/**
 * What a task failed at, and what it may try again now. Kept in PostgreSQL, so that workers that share a task share its back-off and a page
 * shows what is the matter.
 */
export class TaskFailures {
  readonly #db: Database;
  readonly #task: TaskName;
  readonly #now: number;
  readonly #retryAt: Map<string, number>;

  private constructor(db: Database, task: TaskName, now: number, retryAt: Map<string, number>) {
    this.#db = db;
    this.#task = task;
    this.#now = now;
    this.#retryAt = retryAt;
  }

  /** Reads what a task failed at so far; `now` in ms. */
  static async read(db: Database, task: TaskName, now: number): Promise<TaskFailures> {
    const rows = await held().get("work_failure", "all", () =>
      db.workFailure.findMany({ select: { task: true, subject: true, retryAt: true } }),
    );
    const own = rows.filter((row) => row.task === task);
    return new TaskFailures(db, task, now, new Map(own.map(({ subject, retryAt }) => [subject, retryAt.getTime()])));
  }

  /** Whether a subject may be tried: it has not failed, or its back-off is over, or ends at a time that only a wrong clock can have set. */
  isDue(subject: string): boolean {
    const at = this.#retryAt.get(subject);
    return at === undefined || at <= this.#now || at > this.#now + pausesOf(this.#task).mostMs;
  }

  /** Writes down that a subject failed, and when it is tried again. @throws what the database says where it cannot */
  async failed(subject: string, error: unknown): Promise<void> {
    const reason = reasonOf(error);
    const now = new Date(this.#now);
    const { firstMs, mostMs } = pausesOf(this.#task);
    log.error({ task: this.#task, subject, reason }, "a part of a task failed: it is tried again with back-off");
    await this.#db.$executeRaw`
      INSERT INTO work_failure (task, subject, reason, since, last_at, retry_at)
      VALUES (${this.#task}, ${subject}, ${reason}, ${now}, ${now}, ${new Date(this.#now + firstMs)})
      ON CONFLICT (task, subject) DO UPDATE SET reason = excluded.reason, attempts = work_failure.attempts + 1, last_at = excluded.last_at,
        retry_at = excluded.last_at + least(${firstMs}::float8 * 2 ^ least(work_failure.attempts, 20), ${mostMs}::float8) * interval '1 ms'`;
    held().changed("work_failure");
    this.#retryAt.set(subject, this.#now + firstMs);
  }

  /** Forgets the failures of a subject, if there were any. */
  async succeeded(subject: string): Promise<void> {
    if (!this.#retryAt.delete(subject)) return;
    await this.#db.workFailure.deleteMany({ where: { task: this.#task, subject } });
    held().changed("work_failure");
  }
}

/** The parts of a task: what each is called for a reader, and unique in its task, and what is done about it. */
export type TaskPart = { subject: string; run(): Promise<unknown> };

export type PartsOptions = {
  /** ms */
  now: number;
  /** Stops between two parts. */
  signal?: AbortSignal | undefined;
};

/**
 * Runs the parts of a task, each for itself: one that throws is written down, stops no other, and is left out until its back-off is over.
 * Answers how many ended how. @throws what the database says where it is away, since then no part can be tried
 */
export async function runParts(
  db: Database,
  task: TaskName,
  parts: Iterable<TaskPart>,
  { now, signal }: PartsOptions,
): Promise<{ done: number; failed: number; waiting: number }> {
  const failures = await TaskFailures.read(db, task, now);
  const counts = { done: 0, failed: 0, waiting: 0 };
  for (const { subject, run } of parts) {
    if (signal?.aborted) break;
    if (!failures.isDue(subject)) {
      counts.waiting++;
      continue;
    }
    try {
      await run();
      await failures.succeeded(subject);
      counts.done++;
    } catch (error) {
      if (signal?.aborted) break;
      await failures.failed(subject, error);
      counts.failed++;
    }
  }
  return counts;
}

/** Writes down how a round of a whole task ended: `error` is what it threw. Where the database is away nothing is written, which health says. */
export async function recordRound(db: Database, task: TaskName, error: unknown, now = Date.now()): Promise<void> {
  if (error !== undefined && databaseFailure(error)) return;
  const failures = await TaskFailures.read(db, task, now);
  await (error === undefined ? failures.succeeded(ALL) : failures.failed(ALL, error));
}

/** Forgets what is no longer tried. */
export async function removeForgotten(db: Connection, now: number): Promise<void> {
  await db.workFailure.deleteMany({ where: { lastAt: { lt: new Date(now - FORGOTTEN_MS) } } });
}

/** Something that failed in the background. `nextAt` is when it is tried again, null where it was given up; `subject` is empty for all of a task. */
export type Failure = {
  task: TaskName | QueueName;
  subject: string;
  reason: string;
  attempts: number;
  since: Date;
  nextAt: Date | null;
};

const MAX_LISTED = 200;

/** What fails now: parts of tasks, and jobs that wait after a failure or were given up; the newest first, at most 200. */
export async function listFailures(db: Connection, now: number): Promise<Failure[]> {
  const [parts, jobs] = await Promise.all([
    db.workFailure.findMany({
      where: { lastAt: { gte: new Date(now - FORGOTTEN_MS) } },
      orderBy: { since: "desc" },
      take: MAX_LISTED,
    }),
    db.job.findMany({
      where: { lastError: { not: null }, queue: { in: [...QUEUE_NAMES] } },
      orderBy: { createdAt: "desc" },
      take: MAX_LISTED,
    }),
  ]);
  return [
    ...parts.map(({ task, subject, reason, attempts, since, retryAt }) => ({
      ...{ subject, reason, attempts, since },
      task: task as TaskName,
      nextAt: retryAt,
    })),
    ...jobs.map(({ queue, key, lastError, attempts, createdAt, state, runAt }) => ({
      task: queue as QueueName,
      subject: key,
      reason: lastError ?? "",
      attempts,
      since: createdAt,
      nextAt: state === "failed" ? null : runAt,
    })),
  ]
    .sort((a, b) => b.since.getTime() - a.since.getTime())
    .slice(0, MAX_LISTED);
}
