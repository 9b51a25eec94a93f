import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("grafana", "localhost:3000");

export const grafana: Integration = {
  id: "grafana",
  title: "Grafana",
  brings:
    "Dashboards of Grafana read Sightline as a Prometheus data source; Grafana's own metrics can be watched as well.",
  main: [
    "grafana_http_request_duration_seconds",
    "grafana_alerting_rule_evaluations_total",
    "grafana_stat_totals_dashboard",
  ],
  metrics: /^grafana_/,
  known: "names that begin with grafana_",
  setups: [
    {
      id: "data-source",
      title: "Data source",
      steps: [
        {
          text: "Create an API token with the scope metrics:read on the page Account. It stands below in place of slt_…",
        },
        {
          text: "In Grafana: Connections > Add new connection > Prometheus, with the address below and the HTTP header Authorization: Bearer and the token. Or as a file:",
          code: {
            where: "/etc/grafana/provisioning/datasources/sightline.yaml",
            language: "yaml",
            text: ({ url }) => `apiVersion: 1
datasources:
  - name: Sightline
    type: prometheus
    access: proxy
    url: ${url}/prometheus
    jsonData:
      httpMethod: POST
      httpHeaderName1: Authorization
    secureJsonData:
      httpHeaderValue1: Bearer slt_…
`,
          },
        },
        {
          text: "Restart Grafana where the file is used, then press Save & test in the data source.",
          code: { where: "Shell", language: "sh", text: () => "systemctl restart grafana-server\n" },
        },
      ],
    },
    {
      ...byPrometheus([{ text: "Grafana exposes its metrics at /metrics on its own port, 3000 as a rule." }], entry),
      title: "Its own metrics",
    },
  ],
  scrape: entry,
  panels: [
    {
      title: "HTTP requests",
      expression: "sum by (host, status_code) (rate(grafana_http_request_duration_seconds_count[5m]))",
      unit: "count",
      rate: true,
      legend: "{{status_code}}",
    },
    {
      title: "HTTP requests, 95th percentile",
      expression:
        "histogram_quantile(0.95, sum by (host, le) (rate(grafana_http_request_duration_seconds_bucket[5m])))",
      unit: "seconds",
    },
    {
      title: "Data source requests",
      expression: "sum by (host, datasource) (rate(grafana_datasource_request_total[5m]))",
      unit: "count",
      rate: true,
      legend: "{{datasource}}",
    },
    {
      title: "Rule evaluations",
      expression: "sum by (host) (rate(grafana_alerting_rule_evaluations_total[5m]))",
      unit: "count",
      rate: true,
    },
    {
      title: "Failed rule evaluations",
      expression: "sum by (host) (rate(grafana_alerting_rule_evaluation_failures_total[5m]))",
      unit: "count",
      rate: true,
    },
    {
      title: "Alerts by state",
      expression: "sum by (state) (grafana_alerting_alerts)",
      unit: "count",
      legend: "{{state}}",
    },
    { title: "Dashboards", expression: "grafana_stat_totals_dashboard", unit: "count" },
    { title: "Active users", expression: "grafana_stat_active_users", unit: "count" },
    {
      title: "Memory of the process",
      expression: 'process_resident_memory_bytes{job="grafana"}',
      unit: "bytes",
      legend: "{{instance}}",
    },
  ],
};
