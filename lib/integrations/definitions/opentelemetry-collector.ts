import type { Integration } from "#lib/integrations/parts/integration.ts";
import { collectorExporter, rateOf } from "#lib/integrations/parts/snippets.ts";

const BY_DEVICE = "{{host_name}} {{device}} {{direction}}";

export const openTelemetryCollector: Integration = {
  id: "opentelemetry_collector",
  title: "OpenTelemetry Collector",
  brings: "Host metrics and whatever else a Collector receives: metrics and traces by OTLP.",
  main: ["system.cpu.time", "system.memory.usage", "system.network.io", "otelcol_exporter_sent_metric_points"],
  metrics: /^(otelcol_|system\.(cpu|memory|disk|filesystem|network|paging|process|processes)\.)/,
  known: "names that begin with system. or otelcol_",
  setups: [
    {
      id: "otlp",
      title: "OTLP",
      kind: "otlp",
      steps: [
        {
          text: "Use a distribution with the host metrics receiver, such as otelcol-contrib. Write or extend its configuration.",
          code: {
            where: "/etc/otelcol-contrib/config.yaml",
            language: "collector",
            text: (sender) => `receivers:
  hostmetrics:
    collection_interval: 15s
    scrapers:
      cpu:
      memory:
      load:
      disk:
      filesystem:
      network:
      paging:
      processes:
  prometheus/self:
    config:
      scrape_configs:
        - job_name: otelcol
          scrape_interval: 15s
          static_configs:
            - targets: ["localhost:8888"]
processors:
  resourcedetection:
    detectors: [system]
    system:
      hostname_sources: [os]
  batch:
${collectorExporter(sender)}service:
  pipelines:
    metrics:
      receivers: [hostmetrics, prometheus/self]
      processors: [resourcedetection, batch]
      exporters: [otlphttp/sightline]
`,
          },
        },
        {
          text: "For traces, add a pipeline with the same exporter and the receivers that you have.",
          code: {
            where: "/etc/otelcol-contrib/config.yaml",
            language: "yaml",
            text: () => `service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [otlphttp/sightline]
`,
          },
        },
        {
          text: "Check the configuration, then restart the Collector.",
          code: {
            where: "Shell",
            language: "sh",
            text: () =>
              "otelcol-contrib validate --config=/etc/otelcol-contrib/config.yaml && systemctl restart otelcol-contrib\n",
          },
        },
      ],
    },
  ],
  panels: [
    {
      title: "CPU usage",
      expression: '100 * (1 - avg by (host, host_name) (rate(system_cpu_time{state="idle"}[5m])))',
      unit: "percent",
    },
    {
      title: "CPU by state",
      expression: '100 * avg by (state) (rate(system_cpu_time{state!="idle"}[5m]))',
      unit: "percent",
      legend: "{{state}}",
    },
    { title: "Load, 1 min", expression: "system_cpu_load_average_1m", unit: "load", legend: "{{host_name}}" },
    {
      title: "Memory by state",
      expression: "sum by (host_name, state) (system_memory_usage)",
      unit: "bytes",
      legend: "{{host_name}} {{state}}",
    },
    {
      title: "File systems used",
      expression:
        '100 * sum by (host_name, mountpoint) (system_filesystem_usage{state="used"}) / sum by (host_name, mountpoint) (system_filesystem_usage)',
      unit: "percent",
      legend: "{{host_name}} {{mountpoint}}",
    },
    {
      title: "Disk throughput",
      expression: "rate(system_disk_io[5m])",
      unit: "bytes",
      rate: true,
      legend: BY_DEVICE,
    },
    {
      title: "Network throughput",
      expression: 'rate(system_network_io{device!="lo"}[5m])',
      unit: "bytes",
      rate: true,
      legend: BY_DEVICE,
    },
    {
      title: "Network errors and drops",
      expression: "rate(system_network_errors[5m]) + rate(system_network_dropped[5m])",
      unit: "count",
      rate: true,
      legend: BY_DEVICE,
    },
    {
      title: "Processes by status",
      expression: "sum by (status) (system_processes_count)",
      unit: "count",
      legend: "{{status}}",
    },
    {
      title: "Points sent",
      expression: `sum by (exporter) (${rateOf("otelcol_exporter_sent_metric_points")})`,
      unit: "count",
      rate: true,
      legend: "{{exporter}}",
    },
    {
      title: "Points that could not be sent",
      expression: `sum by (exporter) (${rateOf("otelcol_exporter_send_failed_metric_points")})`,
      unit: "count",
      rate: true,
      legend: "{{exporter}}",
    },
    {
      title: "Queue of the exporter",
      expression: "otelcol_exporter_queue_size",
      unit: "count",
      legend: "{{exporter}}",
    },
  ],
};
