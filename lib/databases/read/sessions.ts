import type { Identity } from "#lib/databases/read/identity.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";
import { withoutValues } from "#lib/databases/server/sql-text.ts";

/** A session that does something, or holds a transaction open. Times are in seconds. */
export type SessionRow = {
  pid: number;
  database: string;
  user: string;
  application: string;
  state: string;
  /** As Lock:transactionid; CPU where it waits for nothing. */
  wait: string;
  /** 0 where the server does not say. */
  queryId: string;
  transactionS: number | null;
  stateS: number | null;
  /** Without its values. */
  statement: string;
};

/** A server with more busy sessions than this has other problems than which they are. */
const MOST = 500;
const TEXT_LENGTH = 500;

const SQL = (queryId: string) => `
  SELECT pid, coalesce(datname, '') AS database, coalesce(usename, '') AS "user", application_name AS application,
    coalesce(state, 'unknown') AS state, coalesce(wait_event_type || ':' || wait_event, 'CPU') AS wait, ${queryId} AS "queryId",
    extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "transactionS",
    extract(epoch FROM clock_timestamp() - state_change)::float8 AS "stateS", left(query, ${2 * TEXT_LENGTH}) AS statement
  FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'
  ORDER BY xact_start NULLS LAST LIMIT ${MOST}`;

/** Reads the sessions that are not idle, those with the oldest transactions first. */
export async function readSessions(session: ServerSession, { versionNum }: Identity): Promise<SessionRow[]> {
  const rows = await session.rows<SessionRow>(SQL(versionNum >= 140_000 ? "coalesce(query_id, 0)::text" : "'0'"));
  return rows.map((row) => ({
    ...row,
    wait: row.state === "active" ? row.wait : "idle in transaction",
    statement: withoutValues(row.statement).slice(0, TEXT_LENGTH).toWellFormed(),
  }));
}
