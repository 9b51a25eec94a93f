import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, install, rateOf, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("postgres", "localhost:9187");
const BY_DATABASE = "{{instance}} {{datname}}";
const byDatabase = (expression: string): string => `sum by (host, instance, datname) (${expression})`;
const rate = (name: string): string => `rate(pg_stat_database_${name}[5m])`;

export const postgresql: Integration = {
  id: "postgresql",
  title: "PostgreSQL",
  brings: "Connections, transactions, locks and sizes of PostgreSQL, by postgres_exporter.",
  main: ["pg_up", "pg_stat_database_xact_commit", "pg_stat_activity_count", "pg_database_size_bytes"],
  metrics: /^(pg_|postgresql\.)/,
  known: "names that begin with pg_",
  elsewhere: {
    text: "Sightline reads PostgreSQL servers itself, with statements, waits, locks and findings: no exporter is needed.",
    href: "/databases",
    link: "Databases",
    brief: "Sightline also reads it itself: see Databases.",
  },
  setups: [
    byPrometheus(
      [
        install("Install the exporter. It listens on port 9187.", "prometheus-postgres-exporter"),
        {
          text: "Create a role that may read statistics and no more. Debian's exporter runs as the account prometheus, which signs in by the socket.",
          code: {
            where: "Shell",
            language: "sh",
            text: () =>
              'runuser -u postgres -- psql --command "CREATE ROLE prometheus LOGIN" --command "GRANT pg_monitor TO prometheus"\n',
          },
        },
        {
          text: "Tell the exporter where the server is, then restart it: systemctl restart prometheus-postgres-exporter.",
          code: {
            where: "/etc/default/prometheus-postgres-exporter",
            language: "env",
            text: () => `DATA_SOURCE_NAME='user=prometheus host=/run/postgresql dbname=postgres'\n`,
          },
        },
      ],
      entry,
    ),
  ],
  scrape: entry,
  panels: [
    { title: "Server answers", expression: "pg_up", unit: "count", legend: "{{instance}}" },
    {
      title: "Connections by state",
      expression: "sum by (host, instance, state) (pg_stat_activity_count)",
      unit: "count",
      legend: "{{instance}} {{state}}",
    },
    {
      title: "Connections used",
      expression:
        "100 * sum by (host, instance) (pg_stat_activity_count) / sum by (host, instance) (pg_settings_max_connections)",
      unit: "percent",
      legend: "{{instance}}",
    },
    { title: "Commits", expression: byDatabase(rate("xact_commit")), unit: "count", rate: true, legend: BY_DATABASE },
    {
      title: "Rollbacks",
      expression: byDatabase(rate("xact_rollback")),
      unit: "count",
      rate: true,
      legend: BY_DATABASE,
    },
    {
      title: "Blocks found in cache",
      expression: `100 * ${byDatabase(rate("blks_hit"))} / (${byDatabase(rate("blks_hit"))} + ${byDatabase(rate("blks_read"))})`,
      unit: "percent",
      legend: BY_DATABASE,
    },
    {
      title: "Rows fetched",
      expression: byDatabase(rate("tup_fetched")),
      unit: "count",
      rate: true,
      legend: BY_DATABASE,
    },
    {
      title: "Rows written",
      expression: byDatabase(`${rate("tup_inserted")} + ${rate("tup_updated")} + ${rate("tup_deleted")}`),
      unit: "count",
      rate: true,
      legend: BY_DATABASE,
    },
    {
      title: "Locks by mode",
      expression: "sum by (host, instance, mode) (pg_locks_count) > 0",
      unit: "count",
      legend: "{{instance}} {{mode}}",
    },
    {
      title: "Deadlocks",
      expression: byDatabase(rate("deadlocks")),
      unit: "count",
      rate: true,
      legend: BY_DATABASE,
    },
    {
      title: "Temporary files",
      expression: byDatabase(rate("temp_bytes")),
      unit: "bytes",
      rate: true,
      legend: BY_DATABASE,
    },
    { title: "Database size", expression: "pg_database_size_bytes", unit: "bytes", legend: BY_DATABASE },
    {
      title: "Longest transaction",
      expression: "max by (host, instance) (pg_stat_activity_max_tx_duration)",
      unit: "seconds",
      legend: "{{instance}}",
    },
    {
      title: "Requested checkpoints",
      expression: `sum by (host, instance) (${rateOf("pg_stat_bgwriter_checkpoints_req")})`,
      unit: "count",
      rate: true,
      legend: "{{instance}}",
    },
  ],
};
