import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, install, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("nginx", "localhost:9113");
const LEGEND = "{{instance}}";

export const nginx: Integration = {
  id: "nginx",
  title: "nginx",
  brings: "Connections and requests of nginx, by nginx-prometheus-exporter.",
  main: ["nginx_http_requests_total", "nginx_connections_active", "nginx_connections_waiting"],
  metrics: /^nginx/,
  known: "names that begin with nginx",
  setups: [
    byPrometheus(
      [
        {
          text: "Have nginx answer its status on a port of its own, to this machine only.",
          code: {
            where: "/etc/nginx/conf.d/status.conf",
            language: "nginx",
            text: () => `server {
  listen 127.0.0.1:8081;
  location = /stub_status {
    stub_status;
    access_log off;
    allow 127.0.0.1;
    deny all;
  }
}
`,
          },
        },
        {
          text: "Check and reload nginx.",
          code: { where: "Shell", language: "sh", text: () => "nginx -t && systemctl reload nginx\n" },
        },
        install("Install the exporter. It listens on port 9113.", "prometheus-nginx-exporter"),
        {
          text: "Tell the exporter where the status is, then restart it: systemctl restart prometheus-nginx-exporter.",
          code: {
            where: "/etc/default/prometheus-nginx-exporter",
            language: "env",
            text: () => `ARGS="-nginx.scrape-uri=http://127.0.0.1:8081/stub_status"\n`,
          },
        },
      ],
      entry,
    ),
  ],
  scrape: entry,
  panels: [
    { title: "nginx answers", expression: "nginx_up", unit: "count", legend: LEGEND },
    {
      title: "Requests",
      expression: "rate(nginx_http_requests_total[5m])",
      unit: "count",
      rate: true,
      legend: LEGEND,
    },
    { title: "Active connections", expression: "nginx_connections_active", unit: "count", legend: LEGEND },
    {
      title: "Connections that read requests",
      expression: "nginx_connections_reading",
      unit: "count",
      legend: LEGEND,
    },
    {
      title: "Connections that write responses",
      expression: "nginx_connections_writing",
      unit: "count",
      legend: LEGEND,
    },
    { title: "Idle connections", expression: "nginx_connections_waiting", unit: "count", legend: LEGEND },
    {
      title: "Accepted connections",
      expression: "rate(nginx_connections_accepted[5m])",
      unit: "count",
      rate: true,
      legend: LEGEND,
    },
    {
      title: "Dropped connections",
      expression: "rate(nginx_connections_accepted[5m]) - rate(nginx_connections_handled[5m])",
      unit: "count",
      rate: true,
      legend: LEGEND,
    },
    {
      title: "Requests per connection",
      expression: "rate(nginx_http_requests_total[5m]) / rate(nginx_connections_handled[5m])",
      unit: "count",
      legend: LEGEND,
    },
  ],
};
