import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, rateOf, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("pgbouncer", "localhost:9127");
const BY_DATABASE = "{{instance}} {{database}}";
const pools = (name: string): string => `sum by (host, instance, database) (pgbouncer_pools_${name})`;
const stats = (name: string): string => `sum by (host, instance, database) (${rateOf(`pgbouncer_stats_${name}`)})`;

export const pgbouncer: Integration = {
  id: "pgbouncer",
  title: "PgBouncer",
  brings: "Pools, waiting clients and queries of PgBouncer, by pgbouncer_exporter.",
  main: [
    "pgbouncer_up",
    "pgbouncer_pools_client_waiting_connections",
    "pgbouncer_pools_server_active_connections",
    "pgbouncer_stats_queries_pooled_total",
  ],
  metrics: /^pgbouncer_/,
  known: "names that begin with pgbouncer_",
  elsewhere: {
    text: "Sightline reads PgBouncer's own console, with pools and clients that wait: no exporter is needed.",
    href: "/databases",
    link: "Databases",
    brief: "Sightline also reads it itself: see Databases.",
  },
  setups: [
    byPrometheus(
      [
        {
          text: "Name a user that may see statistics, and add that user to PgBouncer's auth_file, then reload PgBouncer.",
          code: { where: "pgbouncer.ini", language: "env", text: () => "stats_users = exporter\n" },
        },
        {
          text: "Start pgbouncer_exporter of github.com/prometheus-community/pgbouncer_exporter with the user's password. Debian's package of a similar name is another exporter with other metrics.",
          code: {
            where: "Shell",
            language: "sh",
            text: () =>
              "pgbouncer_exporter --web.listen-address=127.0.0.1:9127 --pgBouncer.connectionString='postgres://exporter:PASSWORD@127.0.0.1:6432/pgbouncer?sslmode=disable'\n",
          },
        },
      ],
      entry,
    ),
  ],
  scrape: entry,
  panels: [
    { title: "PgBouncer answers", expression: "pgbouncer_up", unit: "count", legend: "{{instance}}" },
    { title: "Active clients", expression: pools("client_active_connections"), unit: "count", legend: BY_DATABASE },
    { title: "Waiting clients", expression: pools("client_waiting_connections"), unit: "count", legend: BY_DATABASE },
    {
      title: "Longest wait",
      expression: "max by (host, instance, database) (pgbouncer_pools_client_maxwait_seconds)",
      unit: "seconds",
      legend: BY_DATABASE,
    },
    {
      title: "Active server connections",
      expression: pools("server_active_connections"),
      unit: "count",
      legend: BY_DATABASE,
    },
    {
      title: "Idle server connections",
      expression: pools("server_idle_connections"),
      unit: "count",
      legend: BY_DATABASE,
    },
    { title: "Queries", expression: stats("queries_pooled"), unit: "count", rate: true, legend: BY_DATABASE },
    {
      title: "Transactions",
      expression: stats("sql_transactions_pooled"),
      unit: "count",
      rate: true,
      legend: BY_DATABASE,
    },
    {
      title: "Mean query time",
      expression: `${stats("queries_duration_seconds")} / ${stats("queries_pooled")}`,
      unit: "seconds",
      legend: BY_DATABASE,
    },
    {
      title: "Clients' time of waiting",
      expression: stats("client_wait_seconds"),
      unit: "seconds",
      rate: true,
      legend: BY_DATABASE,
    },
    { title: "Bytes received", expression: stats("received_bytes"), unit: "bytes", rate: true, legend: BY_DATABASE },
    { title: "Bytes sent", expression: stats("sent_bytes"), unit: "bytes", rate: true, legend: BY_DATABASE },
  ],
};
