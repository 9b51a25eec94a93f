import { docker } from "#lib/integrations/definitions/docker.ts";
import { grafana } from "#lib/integrations/definitions/grafana.ts";
import { java } from "#lib/integrations/definitions/java.ts";
import { nginx } from "#lib/integrations/definitions/nginx.ts";
import { nodeExporter } from "#lib/integrations/definitions/node-exporter.ts";
import { nodejs } from "#lib/integrations/definitions/nodejs.ts";
import { openTelemetryCollector } from "#lib/integrations/definitions/opentelemetry-collector.ts";
import { pgbouncer } from "#lib/integrations/definitions/pgbouncer.ts";
import { postgresql } from "#lib/integrations/definitions/postgresql.ts";
import { prometheus } from "#lib/integrations/definitions/prometheus.ts";
import { python } from "#lib/integrations/definitions/python.ts";
import { redis } from "#lib/integrations/definitions/redis.ts";
import { systemd } from "#lib/integrations/definitions/systemd.ts";
import { telegraf } from "#lib/integrations/definitions/telegraf.ts";
import type { Integration } from "#lib/integrations/parts/integration.ts";

/** All integrations, in the order of the page. */
export const INTEGRATIONS: readonly Integration[] = [
  ...[nodeExporter, prometheus, openTelemetryCollector, telegraf, grafana],
  ...[nginx, postgresql, pgbouncer, redis],
  ...[nodejs, python, java],
  ...[docker, systemd],
];

/** The integration of an id; undefined where there is none. */
export const findIntegration = (id: string): Integration | undefined =>
  INTEGRATIONS.find((integration) => integration.id === id);
