import {
  changePasswordEndpoint,
  closeSessionEndpoint,
  createTokenEndpoint,
  removeTokenEndpoint,
  sessionsEndpoint,
  tokensEndpoint,
} from "#lib/contract/account.ts";
import * as anomalies from "#lib/contract/anomalies.ts";
import * as audit from "#lib/contract/audit.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import * as experiments from "#lib/contract/experiments.ts";
import * as exports_ from "#lib/contract/exports.ts";
import { hostsEndpoint, seriesEndpoint } from "#lib/contract/hosts.ts";
import * as insights from "#lib/contract/insights.ts";
import { currentMetricsEndpoint, overviewEndpoint, queryEndpoint, trendsEndpoint } from "#lib/contract/metrics.ts";
import * as reports from "#lib/contract/reports.ts";
import * as mail from "#lib/contract/schedules.ts";
import {
  healthEndpoint,
  openapiEndpoint,
  readSettingsEndpoint,
  setupEndpoint,
  storageEndpoint,
  writeSettingsEndpoint,
} from "#lib/contract/settings.ts";

/** Every endpoint of the API: a test holds this list against the routes on disk. */
export const ENDPOINTS: Endpoint[] = [
  healthEndpoint,
  openapiEndpoint,
  setupEndpoint,
  hostsEndpoint,
  seriesEndpoint,
  currentMetricsEndpoint,
  queryEndpoint,
  overviewEndpoint,
  trendsEndpoint,
  storageEndpoint,
  readSettingsEndpoint,
  writeSettingsEndpoint,
  changePasswordEndpoint,
  sessionsEndpoint,
  closeSessionEndpoint,
  anomalies.anomaliesEndpoint,
  anomalies.anomalyTimelineEndpoint,
  anomalies.anomalyEndpoint,
  anomalies.updateAnomalyEndpoint,
  anomalies.anomalyScoreEndpoint,
  anomalies.incidentsEndpoint,
  anomalies.incidentEndpoint,
  anomalies.updateIncidentEndpoint,
  anomalies.overridesEndpoint,
  anomalies.writeOverrideEndpoint,
  anomalies.previewEndpoint,
  insights.forecastEndpoint,
  insights.insightsEndpoint,
  insights.updateRecommendationEndpoint,
  insights.wordsEndpoint,
  insights.wordingKeyEndpoint,
  insights.compareEndpoint,
  insights.annotationsEndpoint,
  insights.addAnnotationEndpoint,
  insights.removeAnnotationEndpoint,
  tokensEndpoint,
  createTokenEndpoint,
  removeTokenEndpoint,
  ...Object.values(experiments),
  ...Object.values(exports_),
  ...Object.values(reports),
  ...Object.values(mail),
  ...Object.values(audit),
];
