import type { z } from "zod";
import type { indexRow, tableRow } from "#lib/contract/database-rows.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";

export type TableRow = z.output<typeof tableRow>;
export type IndexRow = z.output<typeof indexRow>;

/** So many of a database are read: the largest. */
const MOST_TABLES = 200;
const MOST_INDEXES = 300;

/** A storage parameter of a table where it has one, else the setting. */
const option = (name: string) =>
  `coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions) WHERE option_name = '${name}'), current_setting('${name}'))::float8`;

/** What is locked whole, or is about to be. Sizes and definitions would wait for it, and with them all that is read of the database. */
const LOCKED = `
  locked AS MATERIALIZED (
    SELECT l.relation FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE d.datname = current_database() AND l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL)`;

const whole = (oid: string) => `${oid} IN (SELECT relation FROM locked)`;

/** A size in bytes; of what is locked by the pages that it had at the last vacuum. */
const size = (extent: "table" | "relation") =>
  `CASE WHEN ${whole("c.oid")} THEN c.relpages::bigint * current_setting('block_size')::int ELSE pg_${extent}_size(c.oid) END`;

/** -1 of a table that was never analyzed; up to 13 its catalogue says 0. */
const ROWS = "CASE WHEN c.reltuples = 0 AND c.relpages = 0 THEN -1 ELSE c.reltuples END";

/**
 * Bloat is what the rows and their headers should need, by the widths that ANALYZE found, less than what the table has: an estimate, as in
 * pgstattuple_approx without reading the table.
 */
const TABLES = `
  WITH ${LOCKED}, largest AS (
    SELECT c.oid, c.relnamespace, c.relname, ${ROWS} AS reltuples, c.relpages, c.reloptions, c.relfrozenxid, ${size("table")} AS bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' ORDER BY c.relpages DESC LIMIT ${MOST_TABLES}),
  widths AS (
    SELECT s.starelid, sum((1 - s.stanullfrac) * s.stawidth)::float8 AS width, bool_or(s.stanullfrac > 0) AS nulls
    FROM (SELECT (quote_ident(schemaname) || '.' || quote_ident(tablename))::regclass AS starelid, null_frac AS stanullfrac, avg_width AS stawidth
      FROM pg_stats WHERE NOT inherited AND schemaname <> 'information_schema' AND schemaname !~ '^pg_') s GROUP BY 1)
  SELECT current_database() AS database, n.nspname AS schema, c.relname AS "table", c.bytes::float8 AS bytes,
    (CASE WHEN c.reltuples < 0 THEN coalesce(s.n_live_tup, 0) ELSE c.reltuples END)::float8 AS rows, coalesce(s.n_dead_tup, 0)::float8 AS "deadRows", coalesce(s.seq_scan, 0)::float8 AS "sequentialScans",
    coalesce(s.seq_tup_read, 0)::float8 AS "sequentialRows", coalesce(s.idx_scan, 0)::float8 AS "indexScans",
    coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::float8 AS changes,
    coalesce(i.heap_blks_hit, 0)::float8 AS "blocksHit", coalesce(i.heap_blks_read, 0)::float8 AS "blocksRead",
    (extract(epoch FROM greatest(s.last_vacuum, s.last_autovacuum)) * 1000)::float8 AS "vacuumedAt",
    (extract(epoch FROM greatest(s.last_analyze, s.last_autoanalyze)) * 1000)::float8 AS "analyzedAt",
    ${option("autovacuum_vacuum_threshold")} + ${option("autovacuum_vacuum_scale_factor")} * greatest(c.reltuples, 0) AS "vacuumThreshold",
    CASE WHEN c.relfrozenxid::text = '0' THEN 0 ELSE age(c.relfrozenxid) END::float8 AS "frozenAge",
    CASE WHEN c.reltuples < 0 OR w.width IS NULL OR c.relpages < 128 THEN NULL ELSE greatest(0, c.relpages - ceil(c.reltuples * (
      w.width + 4 + ceil((23 + CASE WHEN w.nulls THEN 2 ELSE 0 END) / 8.0) * 8 + 4) / (current_setting('block_size')::int - 24)))
      * current_setting('block_size')::int END::float8 AS "bloatBytes"
  FROM largest c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid LEFT JOIN pg_statio_all_tables i ON i.relid = c.oid LEFT JOIN widths w ON w.starelid = c.oid
  ORDER BY c.bytes DESC`;

const INDEXES = `
  WITH ${LOCKED}
  SELECT current_database() AS database, n.nspname AS schema, t.relname AS "table", c.relname AS index, ${size("relation")}::float8 AS bytes,
    coalesce(s.idx_scan, 0)::float8 AS scans, x.indisunique AS unique, x.indisprimary AS primary, x.indisvalid AS valid,
    EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid) AS constraint,
    CASE WHEN ${whole("t.oid")} THEN 'locked/' || c.oid ELSE concat_ws('/', a.amname, x.indkey::text, x.indnkeyatts, x.indclass::text, x.indcollation::text, x.indoption::text,
      coalesce(pg_get_expr(x.indexprs, x.indrelid), ''), coalesce(pg_get_expr(x.indpred, x.indrelid), '')) END AS shape,
    CASE WHEN ${whole("t.oid")} THEN '' ELSE regexp_replace(pg_get_indexdef(c.oid), '^.* USING ', '') END AS columns
  FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_am a ON a.oid = c.relam LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = c.oid
  WHERE c.relkind = 'i' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' ORDER BY c.relpages DESC LIMIT ${MOST_INDEXES}`;

/** Reads the largest tables of the database that a session is of. */
export const readTables = (session: ServerSession): Promise<TableRow[]> => session.rows<TableRow>(TABLES);

/** Reads the largest indexes of the database that a session is of. */
export const readIndexes = (session: ServerSession): Promise<IndexRow[]> => session.rows<IndexRow>(INDEXES);
