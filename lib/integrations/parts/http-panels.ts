import type { ExpressionPanel } from "#lib/metrics/expression-panel.ts";

/** Requests of the services that have a metric of a runtime's: by OpenTelemetry's names, whatever the web framework is. */
export function httpPanels(runtime: string): ExpressionPanel[] {
  const ofRuntime = (part: string): string =>
    `(rate(http_server_request_duration_${part}[5m]) and on (host, job, instance) ${runtime})`;
  return [
    {
      title: "HTTP requests",
      expression: `sum by (host, job) (${ofRuntime("count")})`,
      unit: "count",
      rate: true,
      legend: "{{job}}",
    },
    {
      title: "HTTP requests, 95th percentile",
      expression: `histogram_quantile(0.95, sum by (host, job, le) (${ofRuntime("bucket")}))`,
      unit: "seconds",
      legend: "{{job}}",
    },
  ];
}
