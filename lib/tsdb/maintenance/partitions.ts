import type { Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/**
 * Drops the day partitions that are compacted empty and over for at least a day. Each under a lock that waits for nobody and
 * is asked for only then, so that a frame that comes late is either in time or makes its partition again.
 */
export async function dropEmptyPartitions(db: Database, now: number): Promise<string[]> {
  const limit = `frame_${new Date(now - 2 * DAY_MS).toISOString().slice(0, 10).replaceAll("-", "")}`;
  const partitions = await db.$queryRaw<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'frame'::regclass AND c.relname <= ${limit} ORDER BY 1`;
  const dropped: string[] = [];
  for (const { name } of partitions) if (await dropIfEmpty(db, name)) dropped.push(name);
  return dropped;
}

function dropIfEmpty(db: Database, name: string): Promise<boolean> {
  if (!/^frame_\d{8}$/.test(name)) return Promise.resolve(false);
  const table = Prisma.raw(`"${name}"`);
  return db
    .$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE NOWAIT`;
      const [row] = await tx.$queryRaw<{ empty: boolean }[]>`SELECT NOT EXISTS (SELECT 1 FROM ${table}) AS empty`;
      if (!row?.empty) return false;
      await tx.$executeRaw`DROP TABLE ${table}`;
      return true;
    })
    .catch(() => false);
}
