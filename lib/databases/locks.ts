import type { z } from "zod";
import type { lockTree } from "#lib/contract/database-rows.ts";
import { connectionReason, type ServerSession, withSession } from "#lib/databases/server/connection.ts";
import { withoutValues } from "#lib/databases/server/sql-text.ts";
import { findServer, targetOf } from "#lib/databases/store/servers.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

type LockTree = z.output<typeof lockTree>;
type LockedSession = LockTree["sessions"][number];

const MOST = 300;
const STATEMENT_MS = 3 * SECOND_MS;
/** However many readers look, the server is asked once in so many ms. */
const HOLDS_MS = 2 * SECOND_MS;

/** Those that wait for a lock, and those that they wait for. What waits for a row's lock waits for the transaction that has it. */
const SQL = `
  WITH waiting AS (
    SELECT pid, pg_blocking_pids(pid) AS blockers FROM pg_stat_activity WHERE wait_event_type = 'Lock' LIMIT ${MOST}),
  involved AS (SELECT pid FROM waiting UNION SELECT unnest(blockers) FROM waiting)
  SELECT a.pid, coalesce(w.blockers, '{}')::int[] AS "blockedBy", a.usename AS "user", a.datname AS database, a.application_name AS application,
    a.state, a.wait_event_type || ':' || a.wait_event AS "waitEvent", l.mode AS "lockMode", l.relation,
    CASE WHEN w.pid IS NOT NULL THEN extract(epoch FROM clock_timestamp() - a.state_change)::float8 END AS "waitsS",
    extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS "transactionS", left(coalesce(a.query, ''), 1000) AS statement
  FROM involved i JOIN pg_stat_activity a ON a.pid = i.pid LEFT JOIN waiting w ON w.pid = a.pid
  LEFT JOIN LATERAL (
    SELECT mode, CASE WHEN k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      THEN k.relation::regclass::text ELSE k.relation::text END AS relation
    FROM pg_locks k WHERE k.pid = a.pid AND NOT k.granted ORDER BY k.relation NULLS LAST LIMIT 1) l ON true
  ORDER BY a.xact_start NULLS LAST`;

const readLocks = async (session: ServerSession): Promise<LockedSession[]> =>
  (await session.rows<LockedSession>(SQL)).map((row) => ({
    ...row,
    statement: withoutValues(row.statement).slice(0, 500).toWellFormed(),
  }));

const reading = new Map<number, Promise<LockTree>>();

async function read(db: Connection, id: number): Promise<LockTree> {
  const server = await findServer(db, id);
  if (server.kind !== "postgres")
    throw new DomainError("conflict", "PgBouncer has no locks: look at the server behind it");
  try {
    const sessions = await withSession(targetOf(server), readLocks, { statementMs: STATEMENT_MS });
    return { at: new Date(), sessions };
  } catch (error) {
    if (isDomainError(error)) throw error;
    // It is not the portal that is unavailable.
    throw new DomainError("conflict", `${server.name}: ${connectionReason(error)}`);
  }
}

/** Who waits for whom at a server, read now. @throws DomainError not-found, conflict where the server does not answer */
export function readLockTree(db: Connection, id: number): Promise<LockTree> {
  const running = reading.get(id);
  if (running) return running;
  const tree = read(db, id);
  reading.set(id, tree);
  const forget = () => void setTimeout(() => reading.delete(id), HOLDS_MS).unref();
  tree.then(forget, () => reading.delete(id));
  return tree;
}
