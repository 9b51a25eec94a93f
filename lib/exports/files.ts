import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { ExportFormat } from "#lib/contract/enums.ts";
import { readSigned, signValue } from "#lib/crypto/signed.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { ExportJob } from "#lib/exports/jobs.ts";
import { prepareExport } from "#lib/exports/prepare.ts";
import { type ClaimedJob, claimJob, endJob, forgetJobs, partName, putBack, tellProgress } from "#lib/exports/queue.ts";
import { render } from "#lib/tables/formats.ts";
import type { Table } from "#lib/tables/table.ts";

/** Where files are: whoever makes them and whoever gives them out must see the same folder. */
export const exportDir = (dataDir: string): string => join(dataDir, "exports");

const PURPOSE = "export file";
const TELL_MS = 1_000;

/** A link's token: whoever has it takes this one file until it expires (ms). */
const fileToken = (jobId: number, expiresAt: number, secret: string): string =>
  signValue(PURPOSE, [jobId, expiresAt], secret);

/** A job with the path of its file while it has one. */
export function linked(job: ExportJob, secret: string): ExportJob & { path: string | null } {
  const kept = job.status === "done" && job.expiresAt;
  return { ...job, path: kept ? `/api/v1/exports/files/${fileToken(job.id, kept.getTime(), secret)}` : null };
}

type Counted = { rowsDone: number; bytes: number };

function counted(table: Table, so: Counted): Table {
  const rows = async function* () {
    for await (const batch of table.rows) {
      yield batch;
      so.rowsDone += batch.length;
    }
  };
  return { ...table, rows: rows() };
}

/** Writes a file whole or not at all: it has its name only once it is on disk. */
async function write(
  table: Table,
  format: ExportFormat,
  { part, path }: { part: string; path: string },
  so: Counted,
  signal: AbortSignal,
): Promise<void> {
  const measured = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      so.bytes += chunk.length;
      yield chunk;
    }
  };
  const bytes = Readable.fromWeb(render(counted(table, so), format) as NodeReadableStream<Uint8Array>);
  await pipeline(bytes, measured, createWriteStream(part), { signal });
  const file = await open(part);
  await file.sync().finally(() => file.close());
  await rename(part, path);
}

/** Runs one job to its end; a stop of the worker puts it back. */
async function run(db: Database, job: ClaimedJob, dir: string, stop: AbortSignal): Promise<void> {
  const [part, path] = [join(dir, partName(job)), join(dir, String(job.id))];
  const so: Counted = { rowsDone: 0, bytes: 0 };
  const cancelled = new AbortController();
  const tell = async () => {
    if (!(await tellProgress(db, job, { ...so, now: Date.now() }))) cancelled.abort();
  };
  const timer = setInterval(() => void tell().catch(() => undefined), TELL_MS);
  try {
    if (job.disabled) throw new DomainError("forbidden", "The account that requested it was disabled");
    const { table } = await prepareExport(db, job.request, { role: job.role, format: job.format, now: Date.now() });
    await write(table, job.format, { part, path }, so, AbortSignal.any([stop, cancelled.signal]));
    if (!(await endJob(db, job, { status: "done", ...so, now: Date.now() }))) await rm(path, { force: true });
  } catch (error) {
    await rm(part, { force: true });
    if (stop.aborted) await putBack(db, job);
    else await endJob(db, job, { status: "failed", failure: reasonOf(error), now: Date.now() });
  } finally {
    clearInterval(timer);
  }
}

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" ? "The disk of DATA_DIR is full: free some, or export less" : message.slice(0, 500);
};

/** Takes away files that no job has any more. */
async function sweep(db: Connection, dir: string, now: number): Promise<void> {
  const kept = await forgetJobs(db, now);
  const stray = (await readdir(dir)).filter((name) => !kept.has(name));
  await Promise.all(stray.map((name) => rm(join(dir, name), { force: true })));
}

/** Makes the files that wait, one after the other. Answers how many it made or failed to. */
export async function makeFiles(db: Database, dir: string, stop: AbortSignal): Promise<number> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await sweep(db, dir, Date.now());
  for (let made = 0; ; made++) {
    const job = stop.aborted ? undefined : await claimJob(db, Date.now());
    if (!job) return made;
    await run(db, job, dir, stop);
  }
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
  throw new DomainError("validation", message, { fields: [{ field: "range", message }] });
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
  const [jobId = 0, expiresAt = 0] = readSigned<[number, number]>(PURPOSE, token, secret) ?? [];
  const job = expiresAt > now ? await db.exportJob.findUnique({ where: { id: jobId } }) : null;
  const path = join(dir, String(jobId));
  const found = job?.status === "done" ? await stat(path).catch(() => undefined) : undefined;
  if (!job || !found) throw new DomainError("not-found", "This link has expired, or is not whole: export it again");
  const range = rangeOf(header, found.size);
  return {
    ...{ jobId, name: job.name, format: job.format as ExportFormat, size: found.size, range },
    bytes: () => Readable.toWeb(createReadStream(path, range)) as ReadableStream<Uint8Array>,
  };
}
