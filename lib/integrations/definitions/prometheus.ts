import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, RELOAD_PROMETHEUS, remoteWriteYaml, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("prometheus", "localhost:9090");
const REQUESTS = "prometheus_http_request_duration_seconds_bucket";
const QUEUE = "prometheus_remote_storage";

export const prometheus: Integration = {
  id: "prometheus",
  title: "Prometheus",
  brings: "All that a Prometheus scrapes, by remote write, and how that Prometheus itself fares.",
  main: ["up", "prometheus_tsdb_head_series", "prometheus_tsdb_head_samples_appended_total"],
  metrics: /^prometheus_/,
  known: "names that begin with prometheus_",
  setups: [
    {
      id: "remote-write",
      title: "All that it scrapes",
      kind: "remote_write",
      steps: [
        {
          text: "Add to prometheus.yml. Everything that this Prometheus scrapes is sent; write_relabel_configs leaves series out.",
          code: { where: "prometheus.yml", language: "prometheus", text: remoteWriteYaml },
        },
        RELOAD_PROMETHEUS,
        {
          text: "For the dashboard below, the Prometheus must scrape itself, as the job prometheus of Debian's file does.",
        },
      ],
    },
    { ...byPrometheus([], entry), title: "Itself only" },
  ],
  scrape: entry,
  panels: [
    { title: "Targets up", expression: "sum by (host, job) (up)", unit: "count", legend: "{{job}}" },
    {
      title: "Targets down",
      expression: "count by (host, job) (up) - sum by (host, job) (up)",
      unit: "count",
      legend: "{{job}}",
    },
    {
      title: "Samples appended",
      expression: "sum by (host, instance) (rate(prometheus_tsdb_head_samples_appended_total[5m]))",
      unit: "count",
      rate: true,
    },
    { title: "Series in the head", expression: "prometheus_tsdb_head_series", unit: "count", legend: "{{instance}}" },
    {
      title: "Slowest scrapes",
      expression: "topk(10, scrape_duration_seconds)",
      unit: "seconds",
      legend: "{{job}} {{instance}}",
    },
    {
      title: "Samples per scrape",
      expression: "topk(10, scrape_samples_scraped)",
      unit: "count",
      legend: "{{job}} {{instance}}",
    },
    {
      title: "HTTP requests, 95th percentile",
      expression: `histogram_quantile(0.95, sum by (handler, le) (rate(${REQUESTS}[5m])))`,
      unit: "seconds",
      legend: "{{handler}}",
    },
    {
      title: "Remote write: samples sent",
      expression: `sum by (host, url) (rate(${QUEUE}_samples_total[5m]))`,
      unit: "count",
      rate: true,
      legend: "{{url}}",
    },
    {
      title: "Remote write: samples waiting",
      expression: `sum by (host, url) (${QUEUE}_samples_pending)`,
      unit: "count",
      legend: "{{url}}",
    },
    {
      title: "Remote write: failed and retried samples",
      expression: `sum by (host, url) (rate(${QUEUE}_samples_failed_total[5m]) + rate(${QUEUE}_samples_retried_total[5m]))`,
      unit: "count",
      rate: true,
      legend: "{{url}}",
    },
    {
      title: "Rule evaluation, 90th percentile",
      expression: 'prometheus_rule_evaluation_duration_seconds{quantile="0.9"}',
      unit: "seconds",
      legend: "{{instance}}",
    },
    {
      title: "Memory of the process",
      expression: 'process_resident_memory_bytes{job="prometheus"}',
      unit: "bytes",
      legend: "{{instance}}",
    },
  ],
};
