import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, install, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("node", "localhost:9100");
const CPU = "node_cpu_seconds_total";
const FILE_SYSTEMS = 'fstype!~"tmpfs|ramfs|overlay|squashfs|nsfs"';
const BY_DEVICE = "{{instance}} {{device}}";

export const nodeExporter: Integration = {
  id: "node_exporter",
  title: "node_exporter",
  brings: "Hardware and kernel metrics of Linux machines that a Prometheus watches already.",
  main: [CPU, "node_memory_MemAvailable_bytes", "node_filesystem_avail_bytes", "node_network_receive_bytes_total"],
  metrics: /^node_(?!systemd_)/,
  known: "names that begin with node_",
  elsewhere: {
    text: "An agent of Sightline measures the same of a machine, finds what is unusual, and needs no Prometheus.",
    href: "/hosts/add",
    link: "Add host",
    brief: "Sightline also measures machines itself, by an agent.",
  },
  setups: [
    byPrometheus(
      [install("Install node_exporter on the machine. It listens on port 9100.", "prometheus-node-exporter")],
      entry,
    ),
    {
      id: "alloy",
      title: "Grafana Alloy",
      kind: "remote_write",
      steps: [
        {
          text: "Add to the configuration of Alloy, which has the exporter built in.",
          code: {
            where: "config.alloy",
            language: "alloy",
            text: ({ url, token }) => `prometheus.exporter.unix "host" {}

prometheus.scrape "host" {
  targets    = prometheus.exporter.unix.host.targets
  forward_to = [prometheus.remote_write.sightline.receiver]
}

prometheus.remote_write "sightline" {
  endpoint {
    url          = "${url}/prometheus/api/v1/write"
    bearer_token = "${token}"
  }
}
`,
          },
        },
        {
          text: "Reload Alloy.",
          code: { where: "Shell", language: "sh", text: () => "systemctl reload alloy\n" },
        },
      ],
    },
  ],
  scrape: entry,
  panels: [
    {
      title: "CPU usage",
      expression: `100 * (1 - avg by (host, instance) (rate(${CPU}{mode="idle"}[5m])))`,
      unit: "percent",
    },
    {
      title: "CPU by mode",
      expression: `100 * avg by (mode) (rate(${CPU}{mode!="idle"}[5m]))`,
      unit: "percent",
      legend: "{{mode}}",
    },
    { title: "Load, 1 min", expression: "node_load1", unit: "load", legend: "{{instance}}" },
    {
      title: "Memory used",
      expression: "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
      unit: "percent",
      legend: "{{instance}}",
    },
    {
      title: "Swap used",
      expression: "node_memory_SwapTotal_bytes - node_memory_SwapFree_bytes",
      unit: "bytes",
      legend: "{{instance}}",
    },
    {
      title: "File systems used",
      expression: `100 * (1 - node_filesystem_avail_bytes{${FILE_SYSTEMS}} / node_filesystem_size_bytes{${FILE_SYSTEMS}})`,
      unit: "percent",
      legend: "{{instance}} {{mountpoint}}",
    },
    {
      title: "Disk reads",
      expression: "rate(node_disk_read_bytes_total[5m])",
      unit: "bytes",
      rate: true,
      legend: BY_DEVICE,
    },
    {
      title: "Disk writes",
      expression: "rate(node_disk_written_bytes_total[5m])",
      unit: "bytes",
      rate: true,
      legend: BY_DEVICE,
    },
    {
      title: "Disk busy",
      expression: "100 * rate(node_disk_io_time_seconds_total[5m])",
      unit: "percent",
      legend: BY_DEVICE,
    },
    {
      title: "Network in",
      expression: 'rate(node_network_receive_bytes_total{device!="lo"}[5m])',
      unit: "bytes",
      rate: true,
      legend: BY_DEVICE,
    },
    {
      title: "Network out",
      expression: 'rate(node_network_transmit_bytes_total{device!="lo"}[5m])',
      unit: "bytes",
      rate: true,
      legend: BY_DEVICE,
    },
    { title: "Open file descriptors", expression: "node_filefd_allocated", unit: "count", legend: "{{instance}}" },
  ],
};
