import type { ServerSession } from "#lib/databases/server/connection.ts";

/** A database of a server; totals count since its statistics were reset. */
export type DatabaseRow = {
  name: string;
  /** Null where the user may not connect to it. */
  bytes: number | null;
  mayConnect: boolean;
  blocksHit: number;
  blocksRead: number;
  deadlocks: number;
  tempFiles: number;
  tempBytes: number;
  conflicts: number;
  transactionAge: number;
  resetAt: number | null;
};

const SQL = `
  SELECT d.datname AS name, (SELECT has_database_privilege(d.oid, 'CONNECT')) AND d.datallowconn AS "mayConnect",
    CASE WHEN has_database_privilege(d.oid, 'CONNECT') OR pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
      THEN pg_database_size(d.oid)::float8 END AS bytes,
    coalesce(s.blks_hit, 0)::float8 AS "blocksHit", coalesce(s.blks_read, 0)::float8 AS "blocksRead",
    coalesce(s.deadlocks, 0)::float8 AS deadlocks, coalesce(s.temp_files, 0)::float8 AS "tempFiles",
    coalesce(s.temp_bytes, 0)::float8 AS "tempBytes", coalesce(s.conflicts, 0)::float8 AS conflicts,
    age(d.datfrozenxid)::float8 AS "transactionAge", (extract(epoch FROM s.stats_reset) * 1000)::float8 AS "resetAt"
  FROM pg_database d LEFT JOIN pg_stat_database s ON s.datid = d.oid
  WHERE NOT d.datistemplate ORDER BY bytes DESC NULLS LAST LIMIT 50`;

/** Reads the fifty largest databases. Walks their files. */
export const readDatabases = (session: ServerSession): Promise<DatabaseRow[]> => session.rows<DatabaseRow>(SQL);
