import type { MetricKind, MetricSource } from "#lib/contract/enums.ts";

/** What each source of metrics is called. */
export const SOURCE_TITLE: Record<MetricSource, string> = {
  collector: "Collector",
  database: "Database sampler",
  check: "Checks",
  remote_write: "Prometheus remote write",
  scrape: "Scraped targets",
  otlp: "OpenTelemetry",
  sightline: "Sightline itself",
  other: "API",
};

/** The address of a metric's page. */
export const metricHref = ({ name, kind }: { name: string; kind: MetricKind }): string =>
  `/catalogue/metric?${new URLSearchParams({ name, kind })}`;
