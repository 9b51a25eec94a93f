import type { ExportFormat } from "#lib/contract/enums.ts";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import type { Role } from "#lib/contract/roles.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** For Node where it makes files: V8 takes what it may, and a worker that streams needs little. */
export const EXPORTER_FLAGS = ["--max-old-space-size=64", "--max-semi-space-size=2"];
/** glibc keeps a heap for each thread, and never gives them back. */
export const EXPORTER_ENV = { MALLOC_ARENA_MAX: "1" };

/** A worker that says nothing for so long is taken for dead. */
const LEASE_MS = 30_000;
/** One that was interrupted so often is given up. */
const ATTEMPTS = 3;
const KEPT_MS = 3 * DAY_MS;
const FORGOTTEN_MS = 30 * DAY_MS;

export type ClaimedJob = {
  id: number;
  attempt: number;
  request: ExportRequest;
  format: ExportFormat;
  role: Role;
  disabled: boolean;
};

/** Whether a job waits for a worker. */
export const isWaiting = async (db: Connection, now: number): Promise<boolean> =>
  (await db.exportJob.count({ where: { OR: [{ status: "queued" }, lapsed(now)] } })) > 0;

const lapsed = (now: number) => ({ status: "running" as const, leaseUntil: { lt: new Date(now) } });

/** Takes the oldest job that waits, or whose worker died, for this worker alone. */
export async function claimJob(db: Database, now: number): Promise<ClaimedJob | undefined> {
  const tired = { ...lapsed(now), attempts: { gte: ATTEMPTS } };
  const failure = `It was interrupted ${ATTEMPTS} times`;
  await db.exportJob.updateMany({ where: tired, data: { status: "failed", failure, finishedAt: new Date(now) } });
  const [claimed] = await db.$queryRaw<{ id: number }[]>`
    UPDATE export_job SET status = 'running', attempts = attempts + 1, rows_done = 0, bytes = 0,
      lease_until = ${new Date(now + LEASE_MS)}
    WHERE id = (
      SELECT id FROM export_job
      WHERE status = 'queued' OR (status = 'running' AND lease_until < ${new Date(now)})
      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id`;
  if (!claimed) return undefined;
  const { id, attempts, request, format, owner } = await db.exportJob.findUniqueOrThrow({
    where: { id: claimed.id },
    include: { owner: { select: { role: true, disabledAt: true } } },
  });
  const plain = { id, attempt: attempts, request: request as unknown as ExportRequest, format: format as ExportFormat };
  return { ...plain, role: owner.role, disabled: owner.disabledAt !== null };
}

/** A job as one worker has it: another that took it over, thinking this one dead, has the next attempt. */
type Held = Pick<ClaimedJob, "id" | "attempt">;

const heldBy = ({ id, attempt }: Held) => ({ id, attempts: attempt, status: "running" as const });

/** Says how far a job is, and that its worker lives; false once it is to stop. */
export async function tellProgress(
  db: Connection,
  job: Held,
  { rowsDone, bytes, now }: { rowsDone: number; bytes: number; now: number },
): Promise<boolean> {
  const data = { rowsDone, bytes, leaseUntil: new Date(now + LEASE_MS) };
  return (await db.exportJob.updateMany({ where: heldBy(job), data })).count > 0;
}

/** Ends a job that this worker still has. Answers whether it did. */
export async function endJob(
  db: Connection,
  job: Held,
  end: { status: "done" | "failed"; failure?: string; rowsDone?: number; bytes?: number; now: number },
): Promise<boolean> {
  const { now, ...data } = end;
  const over = { finishedAt: new Date(now), expiresAt: new Date(now + KEPT_MS) };
  return (await db.exportJob.updateMany({ where: heldBy(job), data: { ...data, ...over } })).count > 0;
}

/** Gives a job back that this worker did not finish because it was stopped: that is no attempt. */
export async function putBack(db: Connection, job: Held): Promise<void> {
  await db.exportJob.updateMany({ where: heldBy(job), data: { status: "queued", attempts: { decrement: 1 } } });
}

/** The name of a file in the making. */
export const partName = ({ id, attempt }: Held): string => `${id}.${attempt}.part`;

/** Marks what has expired and forgets what is long over. Answers the names of files that are to stay. */
export async function forgetJobs(db: Connection, now: number): Promise<Set<string>> {
  const expired = { status: "done" as const, expiresAt: { lt: new Date(now) } };
  await db.exportJob.updateMany({ where: expired, data: { status: "expired" } });
  await db.exportJob.deleteMany({ where: { createdAt: { lt: new Date(now - FORGOTTEN_MS) } } });
  const rows = await db.exportJob.findMany({
    where: { status: { in: ["done", "running"] } },
    select: { id: true, attempts: true },
  });
  // One that runs may have been given its name a moment ago.
  return new Set(rows.flatMap(({ id, attempts }) => [String(id), partName({ id, attempt: attempts })]));
}
