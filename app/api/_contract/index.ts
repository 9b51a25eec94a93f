import {
  changePasswordEndpoint,
  closeSessionEndpoint,
  createTokenEndpoint,
  removeTokenEndpoint,
  sessionsEndpoint,
  tokensEndpoint,
} from "#app/api/_contract/account.ts";
import * as anomalies from "#app/api/_contract/anomalies.ts";
import * as audit from "#app/api/_contract/audit.ts";
import * as experiments from "#app/api/_contract/experiments.ts";
import * as exports_ from "#app/api/_contract/exports.ts";
import { hostsEndpoint, seriesEndpoint } from "#app/api/_contract/hosts.ts";
import * as insights from "#app/api/_contract/insights.ts";
import * as mail from "#app/api/_contract/mail.ts";
import { currentMetricsEndpoint, overviewEndpoint, queryEndpoint, trendsEndpoint } from "#app/api/_contract/metrics.ts";
import * as reports from "#app/api/_contract/reports.ts";
import {
  healthEndpoint,
  openapiEndpoint,
  readSettingsEndpoint,
  setupEndpoint,
  storageEndpoint,
  writeSettingsEndpoint,
} from "#app/api/_contract/system.ts";
import type { Endpoint } from "#app/api/_serve/endpoint.ts";

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
  anomalies.decideAnomalyEndpoint,
  anomalies.anomalyScoreEndpoint,
  anomalies.incidentsEndpoint,
  anomalies.incidentEndpoint,
  anomalies.decideIncidentEndpoint,
  anomalies.overridesEndpoint,
  anomalies.writeOverrideEndpoint,
  anomalies.previewEndpoint,
  insights.forecastEndpoint,
  insights.insightsEndpoint,
  insights.decideRecommendationEndpoint,
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
