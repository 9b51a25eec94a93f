import type { Database } from "#lib/db/client.ts";

/** Activity of the PostgreSQL server that the connection leads to; totals count since its statistics were reset. */
export type ServerStatus = {
  connections: number;
  active: number;
  maxConnections: number;
  commits: number;
  rollbacks: number;
  blocksHit: number;
  blocksRead: number;
  deadlocks: number;
  /** Transactions since the oldest row that is not frozen, of all databases. */
  oldestTransactionAge: number;
};

/** Two thousand million transaction ids, less the three million at which PostgreSQL takes no more commands. */
export const TRANSACTION_IDS = 2 ** 31 - 3_000_000;

/** The totals and levels of the PostgreSQL server: connections, transactions, blocks, transaction ids and size in bytes. */
export async function readServerStatus(db: Database): Promise<ServerStatus> {
  const [row] = await db.$queryRaw<ServerStatus[]>`
    SELECT a.connections, a.active, current_setting('max_connections')::float8 AS "maxConnections",
           d.xact_commit::float8 AS commits, d.xact_rollback::float8 AS rollbacks,
           d.blks_hit::float8 AS "blocksHit", d.blks_read::float8 AS "blocksRead", d.deadlocks::float8 AS deadlocks,
           (SELECT max(age(datfrozenxid))::float8 FROM pg_database) AS "oldestTransactionAge"
    FROM pg_stat_database d,
         (SELECT count(*)::float8 AS connections, count(*) FILTER (WHERE state = 'active')::float8 AS active
          FROM pg_stat_activity WHERE backend_type = 'client backend') a
    WHERE d.datname = current_database()`;
  if (!row) throw new Error("pg_stat_database has no row for this database");
  return row;
}

/** Round trip of a query that does nothing, in ms: what every other query pays first. */
export async function measureResponse(db: Database): Promise<number> {
  const began = performance.now();
  await db.$queryRaw`SELECT 1`;
  return performance.now() - began;
}

/** Size of the connected database on disk, in bytes. Walks its files. */
export async function databaseSize(db: Database): Promise<number> {
  const [row] = await db.$queryRaw<{ bytes: number }[]>`SELECT pg_database_size(current_database())::float8 AS bytes`;
  return row?.bytes ?? 0;
}
