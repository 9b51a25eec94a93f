import type { Integration } from "#lib/integrations/parts/integration.ts";
import { install } from "#lib/integrations/parts/snippets.ts";

const BY_HOST = "{{exported_host}}";

export const telegraf: Integration = {
  id: "telegraf",
  title: "Telegraf",
  brings: "What Telegraf's input plugins collect, by its HTTP output.",
  main: ["cpu_usage_idle", "mem_used_percent", "disk_used_percent", "net_bytes_recv"],
  metrics:
    /^(cpu_usage_\w+|mem_(used|available|total|free|cached|buffered)\w*|disk_(used|free|total|inodes)\w*|diskio_\w+|net_(bytes|packets|err|drop)_\w+|swap_\w+|system_(load\d+|uptime|n_cpus|n_users)|internal_(agent|gather|write|memstats)_\w+)$/,
  known: "names such as cpu_usage_idle and mem_used_percent",
  setups: [
    {
      id: "http",
      title: "HTTP output",
      kind: "remote_write",
      steps: [
        {
          ...install("Install Telegraf from InfluxData's repository.", "telegraf"),
        },
        {
          text: "Add the output as a file of its own. The inputs below are what the dashboard shows; leave out those that you have.",
          code: {
            where: "/etc/telegraf/telegraf.d/sightline.conf",
            language: "toml",
            text: ({ url, token }) => `[[outputs.http]]
  url = "${url}/prometheus/api/v1/write"
  data_format = "prometheusremotewrite"

  [outputs.http.headers]
    Content-Type = "application/x-protobuf"
    Content-Encoding = "snappy"
    X-Prometheus-Remote-Write-Version = "0.1.0"
    Authorization = "Bearer ${token}"

[[inputs.cpu]]
[[inputs.mem]]
[[inputs.swap]]
[[inputs.system]]
[[inputs.disk]]
  ignore_fs = ["tmpfs", "devtmpfs", "overlay", "squashfs"]
[[inputs.diskio]]
[[inputs.net]]
[[inputs.internal]]
`,
          },
        },
        {
          text: "Try it, then restart Telegraf.",
          code: {
            where: "Shell",
            language: "sh",
            text: () =>
              "telegraf --test --config-directory /etc/telegraf/telegraf.d --config /etc/telegraf/telegraf.conf && systemctl restart telegraf\n",
          },
        },
      ],
    },
  ],
  panels: [
    { title: "CPU usage", expression: '100 - cpu_usage_idle{cpu="cpu-total"}', unit: "percent", legend: BY_HOST },
    {
      title: "CPU waiting for disks",
      expression: 'cpu_usage_iowait{cpu="cpu-total"}',
      unit: "percent",
      legend: BY_HOST,
    },
    { title: "Load, 1 min", expression: "system_load1", unit: "load", legend: BY_HOST },
    { title: "Memory used", expression: "mem_used_percent", unit: "percent", legend: BY_HOST },
    { title: "Memory available", expression: "mem_available", unit: "bytes", legend: BY_HOST },
    { title: "Swap used", expression: "swap_used_percent", unit: "percent", legend: BY_HOST },
    {
      title: "File systems used",
      expression: "disk_used_percent",
      unit: "percent",
      legend: `${BY_HOST} {{path}}`,
    },
    {
      title: "Disk reads",
      expression: "rate(diskio_read_bytes[5m])",
      unit: "bytes",
      rate: true,
      legend: `${BY_HOST} {{name}}`,
    },
    {
      title: "Disk writes",
      expression: "rate(diskio_write_bytes[5m])",
      unit: "bytes",
      rate: true,
      legend: `${BY_HOST} {{name}}`,
    },
    {
      title: "Network in",
      expression: "rate(net_bytes_recv[5m])",
      unit: "bytes",
      rate: true,
      legend: `${BY_HOST} {{interface}}`,
    },
    {
      title: "Network out",
      expression: "rate(net_bytes_sent[5m])",
      unit: "bytes",
      rate: true,
      legend: `${BY_HOST} {{interface}}`,
    },
    {
      title: "Metrics gathered by Telegraf",
      expression: "rate(internal_agent_metrics_gathered[5m])",
      unit: "count",
      rate: true,
      legend: BY_HOST,
    },
  ],
};
