import type { ExportFormat } from "#lib/contract/enums.ts";
import { type ExportRequest, exportRequestSchema } from "#lib/contract/export-requests.ts";
import { parseWire } from "#lib/contract/parse-wire.ts";
import type { Connection } from "#lib/db/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** For Node where it makes files: V8 takes what it may, and a worker that streams needs little. */
export const EXPORTER_FLAGS = ["--max-old-space-size=64", "--max-semi-space-size=2"];
/** glibc keeps a heap for each thread, and never gives them back. */
export const EXPORTER_ENV = { MALLOC_ARENA_MAX: "1" };

const KEPT_MS = 3 * DAY_MS;
const FORGOTTEN_MS = 30 * DAY_MS;

export type StartedExport = { id: number; ownerId: string; request: ExportRequest; format: ExportFormat };

/** Marks an export as running, from its beginning; undefined for one that is finished, cancelled or gone. */
export async function startExport(db: Connection, id: number): Promise<StartedExport | undefined> {
  const { count } = await db.exportJob.updateMany({
    where: { id, status: { in: ["queued", "running"] } },
    data: { status: "running", rowsDone: 0, bytes: 0 },
  });
  if (count === 0) return undefined;
  const row = await db.exportJob.findUniqueOrThrow({
    where: { id },
    select: { id: true, ownerId: true, request: true, format: true },
  });
  return { ...row, request: parseWire(exportRequestSchema, row.request) };
}

/** Says how far an export is. False once it was cancelled. */
export async function saveProgress(
  db: Connection,
  id: number,
  progress: { rowsDone: number; bytes: number },
): Promise<boolean> {
  return (await db.exportJob.updateMany({ where: { id, status: "running" }, data: progress })).count > 0;
}

/** Ends an export that runs. Answers whether it did: a cancelled one stays so. */
export async function finishExport(
  db: Connection,
  id: number,
  end: { status: "done" | "failed"; failure?: string; rowsDone?: number; bytes?: number; now: number },
): Promise<boolean> {
  const { now, ...data } = end;
  const times = { finishedAt: new Date(now), expiresAt: new Date(now + KEPT_MS) };
  return (await db.exportJob.updateMany({ where: { id, status: "running" }, data: { ...data, ...times } })).count > 0;
}

/** An export whose worker was stopped waits again. */
export async function requeueExport(db: Connection, id: number): Promise<void> {
  await db.exportJob.updateMany({ where: { id, status: "running" }, data: { status: "queued" } });
}

/** Marks what has expired and forgets what is long over. Answers the ids of exports whose files are to stay. */
export async function forgetExports(db: Connection, now: number): Promise<Set<number>> {
  const expired = { status: "done" as const, expiresAt: { lt: new Date(now) } };
  await db.exportJob.updateMany({ where: expired, data: { status: "expired" } });
  await db.exportJob.deleteMany({ where: { createdAt: { lt: new Date(now - FORGOTTEN_MS) } } });
  const rows = await db.exportJob.findMany({ where: { status: { in: ["done", "running"] } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}
