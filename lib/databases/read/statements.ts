import type { Identity } from "#lib/databases/read/identity.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";

/** What grows of a statement. Times are in ms, blocks are of the server's block size. */
export type Counters = {
  calls: number;
  ms: number;
  rows: number;
  hit: number;
  read: number;
  ioMs: number;
  temp: number;
  wal: number;
};

/** A statement's totals since its statistics were reset. */
export type StatementTotals = Counters & { queryId: string; database: string; user: string };

/** What pg_stat_statements holds now; `resetAt` (ms) is null where its version does not say. */
export type StatementReading = { resetAt: number | null; rows: StatementTotals[] };

const quoted = (schema: string) => `"${schema.replaceAll('"', '""')}"`;

/** A version such as 1.10 as a number that can be compared. */
const minorOf = (version: string): number => Number(version.split(".")[1] ?? 0);

function inputOutput(minor: number): string {
  if (minor >= 11)
    return "s.shared_blk_read_time + s.shared_blk_write_time + s.temp_blk_read_time + s.temp_blk_write_time";
  return minor >= 10
    ? "s.blk_read_time + s.blk_write_time + s.temp_blk_read_time + s.temp_blk_write_time"
    : "s.blk_read_time + s.blk_write_time";
}

const totalsSql = (schema: string, minor: number) => `
  SELECT s.queryid::text AS "queryId", coalesce(d.datname, '') AS database, coalesce(r.rolname, '') AS "user", sum(s.calls)::float8 AS calls,
    sum(s.total_exec_time)::float8 AS ms, sum(s.rows)::float8 AS rows, sum(s.shared_blks_hit)::float8 AS hit, sum(s.shared_blks_read)::float8 AS read,
    sum(${inputOutput(minor)})::float8 AS "ioMs", sum(s.temp_blks_read + s.temp_blks_written)::float8 AS temp, sum(s.wal_bytes)::float8 AS wal
  FROM ${quoted(schema)}.pg_stat_statements(false) s LEFT JOIN pg_database d ON d.oid = s.dbid LEFT JOIN pg_roles r ON r.oid = s.userid
  WHERE s.queryid IS NOT NULL GROUP BY 1, 2, 3`;

/** Reads the totals of all statements, without their texts. Undefined where the extension is not there. */
export async function readStatements(
  session: ServerSession,
  { statements }: Identity,
): Promise<StatementReading | undefined> {
  if (!statements) return undefined;
  const { schema, version } = statements;
  const minor = minorOf(version);
  const rows = await session.rows<StatementTotals>(totalsSql(schema, minor));
  if (minor < 9) return { resetAt: null, rows };
  const { resetAt } = await session.row<{ resetAt: number | null }>(
    `SELECT (extract(epoch FROM stats_reset) * 1000)::float8 AS "resetAt" FROM ${quoted(schema)}.pg_stat_statements_info`,
  );
  return { resetAt, rows };
}

/** The texts of some statements by their id, as pg_stat_statements normalised them, at most `length` long. */
export async function readTexts(
  session: ServerSession,
  { statements }: Identity,
  queryIds: string[],
  length: number,
): Promise<Map<string, string>> {
  if (!statements || queryIds.length === 0) return new Map();
  const rows = await session.rows<{ id: string; text: string }>(
    `SELECT queryid::text AS id, left(min(query), $2) AS text FROM ${quoted(statements.schema)}.pg_stat_statements
     WHERE queryid = ANY($1::bigint[]) GROUP BY 1`,
    [queryIds, length],
  );
  return new Map(rows.map(({ id, text }) => [id, text]));
}
