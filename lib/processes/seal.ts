import type { Connection, Database } from "#lib/db/client.ts";
import { decodeBlock, encodeBlock, type ProcessSample } from "#lib/processes/block.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** After an hour's end its last samples are waited for. */
const GRACE_MS = 5 * MINUTE_MS;
/** More than an hour can have at one each five seconds. */
const MOST_SAMPLES = 2_000;
/** Blocks are written once and read seldom. */
const LEVEL = 12;

const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** Puts samples in order of time; of two of one instant the first of the list counts. */
export function mergeSamples(samples: readonly ProcessSample[]): ProcessSample[] {
  const byTime = new Map<number, ProcessSample>();
  for (const sample of samples) if (!byTime.has(sample.at)) byTime.set(sample.at, sample);
  return [...byTime.values()].sort((a, b) => a.at - b.at);
}

/** One hour of a host in one transaction: its samples go as its block comes. Under a lock, so that two who seal do not lose each other's. */
async function sealHour(tx: Connection, hostId: number, start: number): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('process_block'), ${hostId}::int)`;
  const range = { hostId, at: { gte: new Date(start), lt: new Date(start + HOUR_MS) } };
  const rows = await tx.processSample.findMany({ where: range, orderBy: { at: "asc" }, take: MOST_SAMPLES });
  if (rows.length === 0) return 0;
  const key = { hostId_start: { hostId, start: new Date(start) } };
  const block = await tx.processBlock.findUnique({ where: key });
  // What was sealed before is what readers have seen.
  const samples = mergeSamples([
    ...(block ? decodeBlock(block.data) : []),
    ...rows.flatMap(({ data }) => decodeBlock(data)),
  ]);
  const sealed = { count: samples.length, data: encodeBlock(samples, LEVEL) };
  await tx.processBlock.upsert({ where: key, create: { ...key.hostId_start, ...sealed }, update: sealed });
  await tx.processSample.deleteMany({ where: { hostId, at: { in: rows.map(({ at }) => at) } } });
  return rows.length;
}

/** Seals the hours that are over at `now` (ms), one transaction each; answers the number of samples. Again at once it does nothing. */
export async function sealProcesses(db: Database, now: number, signal?: AbortSignal): Promise<number> {
  const limit = new Date(hourOf(now - GRACE_MS));
  let sealed = 0;
  while (!signal?.aborted) {
    const oldest = await db.processSample.findFirst({ where: { at: { lt: limit } }, orderBy: { at: "asc" } });
    if (!oldest) break;
    sealed += await db.$transaction((tx) => sealHour(tx, oldest.hostId, hourOf(oldest.at.getTime())), {
      timeout: MINUTE_MS,
    });
  }
  return sealed;
}

/** Takes away what is older than `before` (ms): a block once all of it is. Answers how many rows went. */
export async function removeProcessesBefore(db: Database, before: number): Promise<number> {
  const blocks = await db.processBlock.deleteMany({ where: { start: { lt: new Date(before - HOUR_MS) } } });
  const samples = await db.processSample.deleteMany({ where: { at: { lt: new Date(before) } } });
  return blocks.count + samples.count;
}
