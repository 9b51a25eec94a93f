import { account } from "#lib/contract/account.ts";
import { accounts } from "#lib/contract/accounts.ts";
import { agents } from "#lib/contract/agents.ts";
import { alertCauses } from "#lib/contract/alert-causes.ts";
import { alertChannels, alertPush } from "#lib/contract/alert-channels.ts";
import { alertRouting, onCall } from "#lib/contract/alert-routing.ts";
import { alertSilences } from "#lib/contract/alert-silences.ts";
import { alertTests } from "#lib/contract/alert-tests.ts";
import { alertLinks, alertRuleFiles, alertRules, alerts, heartbeats } from "#lib/contract/alerts.ts";
import { annotations, eventHooks } from "#lib/contract/annotations.ts";
import { anomalies, detection, incidents } from "#lib/contract/anomalies.ts";
import { applications } from "#lib/contract/applications.ts";
import { audit } from "#lib/contract/audit.ts";
import { catalogue } from "#lib/contract/catalogue.ts";
import { checks } from "#lib/contract/checks.ts";
import { databaseActivity, databaseCatalog, databases } from "#lib/contract/databases.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { experiments } from "#lib/contract/experiments.ts";
import { exportEndpoints } from "#lib/contract/exports.ts";
import { hosts, series } from "#lib/contract/hosts.ts";
import { inputs } from "#lib/contract/inputs.ts";
import { forecasts, insights } from "#lib/contract/insights.ts";
import { integrations } from "#lib/contract/integrations.ts";
import { mcp } from "#lib/contract/mcp.ts";
import { metrics } from "#lib/contract/metrics.ts";
import { otlp } from "#lib/contract/otlp.ts";
import { processes } from "#lib/contract/processes.ts";
import { prometheus, prometheusExposition } from "#lib/contract/prometheus.ts";
import { publishableKeys } from "#lib/contract/publishable-keys.ts";
import { reports, reportTemplates } from "#lib/contract/reports.ts";
import { schedules } from "#lib/contract/schedules.ts";
import { slos } from "#lib/contract/slos.ts";
import { statusPages } from "#lib/contract/status-pages.ts";
import { settings, storage, system } from "#lib/contract/system.ts";
import { exemplars, traces } from "#lib/contract/traces.ts";

/** The API: every endpoint by subject and verb. */
export const contract = {
  system,
  settings,
  storage,
  account,
  accounts,
  hosts,
  agents,
  inputs,
  integrations,
  catalogue,
  otlp,
  checks,
  series,
  metrics,
  processes,
  traces,
  exemplars,
  anomalies,
  incidents,
  detection,
  alertRules,
  alertRuleFiles,
  alertTests,
  alertCauses,
  statusPages,
  alertLinks,
  heartbeats,
  alerts,
  alertChannels,
  alertPush,
  alertSilences,
  alertRouting,
  onCall,
  slos,
  databases,
  databaseActivity,
  databaseCatalog,
  forecasts,
  insights,
  annotations,
  eventHooks,
  applications,
  experiments,
  publishableKeys,
  exports: exportEndpoints,
  reports,
  reportTemplates,
  schedules,
  audit,
};

/** All of them in one list: a test holds it against the routes on disk. */
export const ENDPOINTS: Endpoint[] = Object.values(contract).flatMap((subject) => Object.values(subject) as Endpoint[]);

/** The endpoints of other protocols than our own API, which stand below roots of their own. */
export const PROTOCOL_ENDPOINTS: Endpoint[] = [
  ...Object.values(prometheus),
  ...Object.values(prometheusExposition),
  ...Object.values(mcp),
] as unknown as Endpoint[];

const NAMES = new Map<unknown, string>(
  Object.entries({ ...contract, prometheus, prometheusExposition, mcp }).flatMap(([subject, endpoints]) =>
    Object.entries(endpoints).map(([verb, described]): [unknown, string] => [described, `${subject}.${verb}`]),
  ),
);

/** What an endpoint is called in the audit trail: experiments.transition. */
export const endpointName = (described: unknown): string => NAMES.get(described) ?? "unknown";
