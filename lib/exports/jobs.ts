import type { ExportFormat, ExportStatus } from "#lib/contract/enums.ts";
import { type ExportRequest, exportRequestSchema } from "#lib/contract/export-requests.ts";
import type { Role } from "#lib/contract/roles.ts";
import { encode } from "#lib/contract/wire.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { prepareExport, resolveTimes } from "#lib/exports/prepare.ts";
import { cancelJob, ensureJobs, sendJob } from "#lib/jobs/queue.ts";

const UNFINISHED = ["queued", "running"] as const;

/** At once, of one reader. */
const WAITING = 5;

export type ExportJob = {
  id: number;
  name: string;
  format: ExportFormat;
  status: ExportStatus;
  rowsExpected: number | null;
  rowsDone: number;
  bytes: number;
  failure: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date | null;
};

const SELECT = {
  id: true,
  name: true,
  format: true,
  status: true,
  rowsExpected: true,
  rowsDone: true,
  bytes: true,
  failure: true,
  createdAt: true,
  finishedAt: true,
  expiresAt: true,
} as const;

const noSuch = (id: number) => new DomainError("not-found", `You have no export ${id}`);

const jobOf = (id: number) => ({ key: String(id), payload: { id } });

/** Queues exports that wait and have no job: after an upgrade, or a queue that was lost. */
export async function queueWaitingExports(db: Connection): Promise<number> {
  const rows = await db.exportJob.findMany({ where: { status: "queued" }, select: { id: true, createdAt: true } });
  const jobs = rows.map(({ id, createdAt }) => ({ ...jobOf(id), runAt: createdAt }));
  return ensureJobs(db, "export", jobs);
}

/** A reader's files, newest first. */
export async function listJobs(db: Connection, ownerId: string): Promise<ExportJob[]> {
  const rows = await db.exportJob.findMany({ where: { ownerId }, select: SELECT, orderBy: { id: "desc" }, take: 50 });
  return rows as ExportJob[];
}

/**
 * Queues an export once everything that could refuse it was checked.
 * @throws DomainError as prepareExport, rate-limited where too many wait
 */
export async function createJob(
  db: Database,
  request: ExportRequest,
  { ownerId, role, format, now }: { ownerId: string; role: Role; format: ExportFormat; now: number },
): Promise<{ job: ExportJob; details: Record<string, string | number> }> {
  const waiting = await db.exportJob.count({ where: { ownerId, status: { in: [...UNFINISHED] } } });
  if (waiting >= WAITING)
    throw new DomainError("rate-limited", `${waiting} of your exports are pending: wait for one, or cancel it`, {
      retryAfterSeconds: 60,
    });
  const fixed = resolveTimes(request, now);
  const { name, rows, details } = await prepareExport(db, fixed, { role, format, now });
  const data = {
    ownerId,
    request: encode(exportRequestSchema, fixed) as Prisma.InputJsonObject,
    format,
    name: `${name}.${format}`,
    rowsExpected: rows,
  };
  const job = await db.$transaction(async (tx) => {
    const created = await tx.exportJob.create({ data, select: SELECT });
    await sendJob(tx, "export", jobOf(created.id));
    return created as ExportJob;
  });
  return { job, details };
}

/** Cancels an export that is not finished; deletes any other, with its file. @throws DomainError not-found */
export async function removeJob(db: Connection, ownerId: string, id: number): Promise<void> {
  const own = { id, ownerId };
  const waiting = { ...own, status: { in: [...UNFINISHED] } };
  const { count } = await db.exportJob.updateMany({ where: waiting, data: { status: "cancelled" } });
  if (count > 0) return cancelJob(db, "export", String(id));
  const removed = await db.exportJob.deleteMany({ where: own });
  if (removed.count === 0) throw noSuch(id);
}
