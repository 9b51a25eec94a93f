import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, install, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("node", "localhost:9100");
const BY_UNIT = "{{instance}} {{name}}";

export const systemd: Integration = {
  id: "systemd",
  title: "systemd",
  brings: "States, restarts and start times of units, by node_exporter's systemd collector.",
  main: ["node_systemd_unit_state", "node_systemd_service_restart_total", "node_systemd_units"],
  metrics: /^node_systemd_/,
  known: "names that begin with node_systemd_",
  elsewhere: {
    text: "Sightline's collector and agents find failed and restarted services by themselves, on the page of the host.",
    href: "/hosts",
    link: "Hosts",
    brief: "Sightline also sees services itself: see Hosts.",
  },
  setups: [
    byPrometheus(
      [
        install("Install node_exporter on the machine. It listens on port 9100.", "prometheus-node-exporter"),
        {
          text: "Turn its systemd collector on, then restart it: systemctl restart prometheus-node-exporter.",
          code: {
            where: "/etc/default/prometheus-node-exporter",
            language: "env",
            text: () =>
              `ARGS="--collector.systemd --collector.systemd.enable-restarts-metrics --collector.systemd.enable-start-time-metrics --collector.systemd.enable-task-metrics"\n`,
          },
        },
      ],
      entry,
    ),
  ],
  scrape: entry,
  panels: [
    {
      title: "System runs without failed units",
      expression: "node_systemd_system_running",
      unit: "count",
      legend: "{{instance}}",
    },
    {
      title: "Units by state",
      expression: "sum by (state) (node_systemd_units)",
      unit: "count",
      legend: "{{state}}",
    },
    {
      title: "Failed units",
      expression: 'sum by (host, instance) (node_systemd_unit_state{state="failed"})',
      unit: "count",
      legend: "{{instance}}",
    },
    {
      title: "Which units are failed",
      expression: 'node_systemd_unit_state{state="failed"} == 1',
      unit: "count",
      legend: BY_UNIT,
    },
    {
      title: "Units that are starting or stopping",
      expression: 'sum by (host, instance) (node_systemd_unit_state{state=~"activating|deactivating"})',
      unit: "count",
      legend: "{{instance}}",
    },
    {
      title: "Restarts in 1 h",
      expression: "topk(10, increase(node_systemd_service_restart_total[1h]) > 0)",
      unit: "count",
      legend: BY_UNIT,
    },
    {
      title: "Most tasks",
      expression: "topk(10, node_systemd_unit_tasks_current)",
      unit: "count",
      legend: BY_UNIT,
    },
    {
      title: "Started last",
      expression: "bottomk(10, time() - (node_systemd_unit_start_time_seconds > 0))",
      unit: "seconds",
      legend: BY_UNIT,
    },
    {
      title: "Time since each timer ran",
      expression: "topk(10, time() - (node_systemd_timer_last_trigger_seconds > 0))",
      unit: "seconds",
      legend: BY_UNIT,
    },
    {
      title: "Connections of sockets",
      expression: "rate(node_systemd_socket_accepted_connections_total[5m])",
      unit: "count",
      rate: true,
      legend: BY_UNIT,
    },
  ],
};
