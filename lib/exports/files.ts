import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { readRole } from "#lib/access/users.ts";
import type { ExportFormat } from "#lib/contract/enums.ts";
import { API_ROOT } from "#lib/contract/roots.ts";
import { readUnexpired, signUntil } from "#lib/crypto/signed.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import type { ExportJob } from "#lib/exports/jobs.ts";
import { prepareExport } from "#lib/exports/prepare.ts";
import {
  finishExport,
  forgetExports,
  requeueExport,
  type StartedExport,
  saveProgress,
  startExport,
} from "#lib/exports/progress.ts";
import { type JobHandler, runDueJobs } from "#lib/jobs/worker.ts";
import { reasonOf } from "#lib/log.ts";
import { render } from "#lib/tables/formats.ts";
import type { Table } from "#lib/tables/table.ts";

/** Where files are: whoever makes them and whoever gives them out must see the same folder. */
export const exportDir = (dataDir: string): string => join(dataDir, "exports");

const PURPOSE = "export file";
const PROGRESS_MS = 1_000;

/** A link's token: whoever has it takes this one file until it expires (ms). */
const fileToken = (jobId: number, expiresAt: number, secret: string): string =>
  signUntil(PURPOSE, jobId, expiresAt, secret);

/** A job with the path of its file while it has one. */
export function withPath(job: ExportJob, secret: string): ExportJob & { path: string | null } {
  const kept = job.status === "done" && job.expiresAt;
  return { ...job, path: kept ? `${API_ROOT}/exports/files/${fileToken(job.id, kept.getTime(), secret)}` : null };
}

type Progress = { rowsDone: number; bytes: number };

function countRows(table: Table, progress: Progress): Table {
  const rows = async function* () {
    for await (const batch of table.rows) {
      yield batch;
      progress.rowsDone += batch.length;
    }
  };
  return { ...table, rows: rows() };
}

/** Writes a file whole or not at all: it has its name only once it is on disk. */
async function writeFile(
  table: Table,
  format: ExportFormat,
  { part, path }: { part: string; path: string },
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const countBytes = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      progress.bytes += chunk.length;
      yield chunk;
    }
  };
  const bytes = Readable.fromWeb(render(countRows(table, progress), format) as NodeReadableStream<Uint8Array>);
  await pipeline(bytes, countBytes, createWriteStream(part), { signal });
  const file = await open(part);
  await file.sync().finally(() => file.close());
  await rename(part, path);
}

const failureOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" ? "The disk of DATA_DIR is full: free some, or export less" : reasonOf(error);
};

/** Opens an export as its owner may now. @throws DomainError forbidden for a closed account, and as prepareExport */
async function openTable(db: Database, row: StartedExport): Promise<Table> {
  const role = await readRole(db, row.ownerId);
  if (!role) throw new DomainError("forbidden", "The account of its owner was closed");
  const { table } = await prepareExport(db, row.request, { role, format: row.format, now: Date.now() });
  return table;
}

/** Makes the file of an export; one that was cancelled meanwhile leaves none. */
async function makeFile(
  db: Database,
  dir: string,
  row: StartedExport,
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  const [part, path] = [join(dir, `${row.id}.${attempt}.part`), join(dir, String(row.id))];
  const progress: Progress = { rowsDone: 0, bytes: 0 };
  const cancelled = new AbortController();
  const timer = setInterval(() => {
    saveProgress(db, row.id, progress)
      .then((running) => running || cancelled.abort())
      .catch(() => undefined);
  }, PROGRESS_MS);
  try {
    const stop = AbortSignal.any([signal, cancelled.signal]);
    await writeFile(await openTable(db, row), row.format, { part, path }, progress, stop);
    if (!(await finishExport(db, row.id, { status: "done", ...progress, now: Date.now() })))
      await rm(path, { force: true });
  } catch (error) {
    await rm(part, { force: true });
    // A stop of the worker, or of the job, is no failure of the export: it is queued again, or was cancelled.
    if (signal.aborted) throw error;
    await finishExport(db, row.id, { status: "failed", failure: failureOf(error), now: Date.now() });
  } finally {
    clearInterval(timer);
  }
}

/** Makes the files of exports, in a folder. */
export const exportHandler = (db: Database, dir: string): JobHandler<{ id: number }> => ({
  async run({ id }, { attempt }, signal) {
    const row = await startExport(db, id);
    if (row) await makeFile(db, dir, row, attempt, signal);
  },
  released: ({ id }) => requeueExport(db, id),
  async failed({ id }, reason) {
    await finishExport(db, id, { status: "failed", failure: reason, now: Date.now() });
  },
});

/** Deletes files that no export has any more. */
async function sweep(db: Connection, dir: string, now: number): Promise<void> {
  const kept = await forgetExports(db, now);
  const stray = (await readdir(dir)).filter((name) => !kept.has(Number(name.split(".")[0])));
  await Promise.all(stray.map((name) => rm(join(dir, name), { force: true })));
}

/** Makes the files that wait, one after the other. Answers how many jobs ended. */
export async function makeFiles(db: Database, dir: string, stop: AbortSignal): Promise<number> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await sweep(db, dir, Date.now());
  const { done, failed } = await runDueJobs(db, "export", exportHandler(db, dir), { signal: stop });
  return done + failed;
}

/** The bytes [start, end] that a Range header of one range wants; undefined for the whole file. @throws DomainError validation */
function rangeOf(header: string | null, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const last = size - 1;
  const [start, end] =
    match[1] === "" ? [Math.max(0, size - Number(match[2])), last] : [Number(match[1]), Number(match[2] || last)];
  if (start <= Math.min(end, last)) return { start, end: Math.min(end, last) };
  const message = `The file has ${size} bytes, and the range begins after its end`;
  throw invalidField("range", message);
}

export type ExportFile = {
  jobId: number;
  name: string;
  format: ExportFormat;
  size: number;
  range: { start: number; end: number } | undefined;
  bytes(): ReadableStream<Uint8Array>;
};

/** The file of a link, or a range of it. @throws DomainError not-found for a link that is forged or over, and a file that is gone */
export async function openFile(
  db: Connection,
  { token, range: header }: { token: string; range: string | null },
  { dir, secret, now }: { dir: string; secret: string; now: number },
): Promise<ExportFile> {
  const jobId = readUnexpired(PURPOSE, token, secret, now);
  const job = jobId === undefined ? null : await db.exportJob.findUnique({ where: { id: jobId } });
  const path = join(dir, String(jobId));
  const found = job?.status === "done" ? await stat(path).catch(() => undefined) : undefined;
  if (!job || !found)
    throw new DomainError("not-found", "This link has expired or is incomplete: export the data again");
  const range = rangeOf(header, found.size);
  return {
    ...{ jobId: job.id, name: job.name, format: job.format as ExportFormat, size: found.size, range },
    bytes: () => Readable.toWeb(createReadStream(path, range)) as ReadableStream<Uint8Array>,
  };
}
