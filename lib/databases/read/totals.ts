import type { Identity } from "#lib/databases/read/identity.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";

/** The levels and totals of a server that are cheap to read. Totals count since their statistics were reset; times are in seconds. */
export type Totals = {
  connections: number;
  active: number;
  idle: number;
  idleInTransaction: number;
  maxConnections: number;
  reservedConnections: number;
  locksWaiting: number;
  longestS: number;
  longestIdleS: number;
  commits: number;
  rollbacks: number;
  blocksHit: number;
  blocksRead: number;
  deadlocks: number;
  tempBytes: number;
  tempFiles: number;
  returned: number;
  fetched: number;
  inserted: number;
  updated: number;
  deleted: number;
  oldestTransactionAge: number;
  oldestMultixactAge: number;
  walBytes: number | null;
  checkpointsTimed: number;
  checkpointsRequested: number;
  /** Null before PostgreSQL 16. */
  ioReadBytes: number | null;
  ioWriteBytes: number | null;
};

const ACTIVITY = `
  SELECT count(*)::int AS connections, count(*) FILTER (WHERE state = 'active')::int AS active,
    count(*) FILTER (WHERE state = 'idle')::int AS idle,
    count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS "idleInTransaction",
    count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS "locksWaiting",
    coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8 AS "longestS",
    coalesce(max(extract(epoch FROM clock_timestamp() - state_change)) FILTER (WHERE state LIKE 'idle in transaction%'), 0)::float8 AS "longestIdleS",
    current_setting('max_connections')::int AS "maxConnections",
    current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true)::int, 0) AS "reservedConnections"
  FROM pg_stat_activity WHERE backend_type = 'client backend'`;

const DATABASES = `
  SELECT sum(xact_commit)::float8 AS commits, sum(xact_rollback)::float8 AS rollbacks, sum(blks_hit)::float8 AS "blocksHit",
    sum(blks_read)::float8 AS "blocksRead", sum(deadlocks)::float8 AS deadlocks, sum(temp_bytes)::float8 AS "tempBytes",
    sum(temp_files)::float8 AS "tempFiles", sum(tup_returned)::float8 AS returned, sum(tup_fetched)::float8 AS fetched,
    sum(tup_inserted)::float8 AS inserted, sum(tup_updated)::float8 AS updated, sum(tup_deleted)::float8 AS deleted,
    (SELECT max(age(datfrozenxid))::float8 FROM pg_database) AS "oldestTransactionAge",
    (SELECT max(mxid_age(datminmxid))::float8 FROM pg_database) AS "oldestMultixactAge"
  FROM pg_stat_database WHERE datname IS NOT NULL`;

/** Where the server stands in its write-ahead log: what it wrote, or received and replayed as a standby. */
export const WAL_POSITION = `CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
  ELSE pg_current_wal_lsn() END`;

const checkpoints = (version: number): string =>
  version >= 170_000
    ? `num_timed::float8 AS "checkpointsTimed", num_requested::float8 AS "checkpointsRequested" FROM pg_stat_checkpointer`
    : `checkpoints_timed::float8 AS "checkpointsTimed", checkpoints_req::float8 AS "checkpointsRequested" FROM pg_stat_bgwriter`;

function inputOutput(version: number): string {
  if (version >= 180_000)
    return `SELECT sum(read_bytes)::float8 AS "ioReadBytes", sum(write_bytes)::float8 AS "ioWriteBytes" FROM pg_stat_io`;
  if (version >= 160_000)
    return `SELECT sum(reads * op_bytes)::float8 AS "ioReadBytes", sum(writes * op_bytes)::float8 AS "ioWriteBytes" FROM pg_stat_io`;
  return `SELECT NULL::float8 AS "ioReadBytes", NULL::float8 AS "ioWriteBytes"`;
}

/** Reads all of them, in three statements. */
export async function readTotals(session: ServerSession, { versionNum }: Identity): Promise<Totals> {
  const activity = await session.row<Partial<Totals>>(ACTIVITY);
  const databases = await session.row<Partial<Totals>>(DATABASES);
  const wal = await session.row<Partial<Totals>>(
    `SELECT io.*, pg_wal_lsn_diff(${WAL_POSITION}, '0/0')::float8 AS "walBytes", ${checkpoints(versionNum)}, (${inputOutput(versionNum)}) io`,
  );
  return { ...activity, ...databases, ...wal } as Totals;
}
