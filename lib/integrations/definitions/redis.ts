import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, install, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("redis", "localhost:9121");
const LEGEND = "{{instance}}";
const rate = (name: string): string => `rate(redis_${name}_total[5m])`;

export const redis: Integration = {
  id: "redis",
  title: "Redis or Valkey",
  brings: "Memory, commands, hits and clients of Redis and Valkey, by redis_exporter.",
  main: ["redis_up", "redis_memory_used_bytes", "redis_commands_processed_total", "redis_keyspace_hits_total"],
  metrics: /^redis_/,
  known: "names that begin with redis_",
  setups: [
    byPrometheus(
      [
        install("Install the exporter. It listens on port 9121.", "prometheus-redis-exporter"),
        {
          text: "Tell the exporter where Redis or Valkey is, then restart it: systemctl restart prometheus-redis-exporter. A password goes into REDIS_PASSWORD in the same file.",
          code: {
            where: "/etc/default/prometheus-redis-exporter",
            language: "env",
            text: () => `ARGS="-redis.addr redis://127.0.0.1:6379"\n`,
          },
        },
      ],
      entry,
    ),
  ],
  scrape: entry,
  panels: [
    { title: "Server answers", expression: "redis_up", unit: "count", legend: LEGEND },
    { title: "Memory used", expression: "redis_memory_used_bytes", unit: "bytes", legend: LEGEND },
    {
      title: "Memory of the process",
      expression: "redis_memory_used_rss_bytes",
      unit: "bytes",
      legend: LEGEND,
    },
    { title: "Commands", expression: rate("commands_processed"), unit: "count", rate: true, legend: LEGEND },
    {
      title: "Commands by kind",
      expression: `topk(10, sum by (cmd) (${rate("commands")}))`,
      unit: "count",
      rate: true,
      legend: "{{cmd}}",
    },
    {
      title: "Mean time of a command",
      expression:
        "sum by (host, instance) (rate(redis_commands_duration_seconds_total[5m])) / sum by (host, instance) (rate(redis_commands_total[5m]))",
      unit: "seconds",
      legend: LEGEND,
    },
    {
      title: "Keys found",
      expression: `100 * ${rate("keyspace_hits")} / (${rate("keyspace_hits")} + ${rate("keyspace_misses")})`,
      unit: "percent",
      legend: LEGEND,
    },
    { title: "Connected clients", expression: "redis_connected_clients", unit: "count", legend: LEGEND },
    { title: "Blocked clients", expression: "redis_blocked_clients", unit: "count", legend: LEGEND },
    {
      title: "Keys",
      expression: "sum by (host, instance, db) (redis_db_keys) > 0",
      unit: "count",
      legend: "{{instance}} {{db}}",
    },
    { title: "Expired keys", expression: rate("expired_keys"), unit: "count", rate: true, legend: LEGEND },
    { title: "Evicted keys", expression: rate("evicted_keys"), unit: "count", rate: true, legend: LEGEND },
    { title: "Network in", expression: rate("net_input_bytes"), unit: "bytes", rate: true, legend: LEGEND },
    { title: "Network out", expression: rate("net_output_bytes"), unit: "bytes", rate: true, legend: LEGEND },
  ],
};
