import type { ServerSession } from "#lib/databases/server/connection.ts";

/** What a server is, and what its user may read there. */
export type Identity = {
  version: string;
  /** As 150018. */
  versionNum: number;
  startedAt: number;
  inRecovery: boolean;
  user: string;
  database: string;
  /** Whether it may read what other users do: pg_monitor, pg_read_all_stats or superuser. */
  readsAll: boolean;
  /** shared_preload_libraries; null where it is not shown. */
  libraries: string | null;
  /** The schema of pg_stat_statements in the database that is connected to, and its version as 1.10; null where it is not installed. */
  statements: { schema: string; version: string } | null;
};

/** Tells one run of a server from another, whose counters begin anew. */
export const runOf = ({ startedAt, inRecovery, readsAll, statements }: Identity): string =>
  [startedAt, inRecovery, readsAll, statements?.version].join("/");

const SQL = `
  SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS "versionNum",
    (extract(epoch FROM pg_postmaster_start_time()) * 1000)::float8 AS "startedAt", pg_is_in_recovery() AS "inRecovery",
    current_user AS "user", current_database() AS database,
    pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS "readsAll",
    CASE WHEN pg_has_role(current_user, 'pg_read_all_settings', 'USAGE') THEN current_setting('shared_preload_libraries') END AS libraries,
    (SELECT json_build_object('schema', n.nspname, 'version', e.extversion)
     FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements') AS statements`;

/** Reads what the server is, and what its user may read. */
export const readIdentity = (session: ServerSession): Promise<Identity> => session.row<Identity>(SQL);

/** Whether the library of pg_stat_statements is loaded; without pg_read_all_settings it counts as loaded. */
export const isPreloaded = ({ libraries }: Identity): boolean => libraries?.includes("pg_stat_statements") ?? true;
