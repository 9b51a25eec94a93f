import { endpoint } from "#lib/contract/endpoint.ts";
import { ANOMALY_STATUSES, ANOMALY_TYPES, DIRECTIONS } from "#lib/contract/enums.ts";
import { booleanParam } from "#lib/contract/params.ts";
import * as z from "#lib/contract/schema.ts";
import {
  entityId,
  hostQuery,
  hostRef,
  idParams,
  instant,
  kind,
  note,
  pageQuery,
  severity,
  spanQuery,
  unit,
} from "#lib/contract/shared.ts";

const anomalyType = z.enum(ANOMALY_TYPES);
const status = z.enum(ANOMALY_STATUSES);

/** An anomaly as it is answered. */
export const anomaly = z.object({
  hostId: z.number().int(),
  host: z.string(),
  id: z.number().int(),
  incidentId: z.number().int(),
  seriesId: z.number().int(),
  metric: z.string(),
  series: z.string(),
  metrics: z.array(z.string()),
  type: anomalyType,
  direction: z.enum(DIRECTIONS),
  severity,
  detectedAt: instant,
  lastAt: instant,
  endedAt: instant.nullable(),
  score: z.number().describe("0 to 1; an anomaly starts at 0.5"),
  evidence: z.number().describe("Mean of the p-values in decades: -log10 p"),
  confidence: z.number().describe("Probability that it is a true anomaly, 0 to 1"),
  value: z.number(),
  expected: z.number(),
  deviation: z.number(),
  reason: z.string(),
  status: status.describe("What has ended is resolved; open and acknowledged go on"),
  reviewed: z.boolean().describe("Whether anybody has decided on it"),
  statusAt: instant.nullable(),
  note: z.string().nullable(),
});

/** What somebody decides. */
export const statusUpdate = z.object({ status, note: note.optional() });

const override = z.object({
  hostId: entityId.or(z.literal(0)).describe("0: all hosts"),
  metric: z.string().min(1).max(200),
  enabled: z.boolean().nullable(),
  sensitivity: z.number().min(0).max(10).nullable(),
  seasonal: z.boolean().nullable(),
});

export const anomalies = {
  list: endpoint({
    method: "get",
    path: "/anomalies",
    tag: "Anomalies",
    summary: "Anomalies by detection time, newest first",
    permission: "anomalies:read",
    query: z.object({
      ...hostQuery,
      ...spanQuery("now-7d"),
      ...pageQuery,
      metric: z.string().max(200).optional(),
      type: z.array(anomalyType).optional(),
      severity: z.array(severity).optional(),
      status: z.array(status).optional(),
    }),
    response: z.object({ total: z.number().int(), anomalies: z.array(anomaly) }),
  }),
  timeline: endpoint({
    method: "get",
    path: "/anomalies/timeline",
    tag: "Anomalies",
    summary: "The number of anomalies that started in each step of a range, and the mean per day",
    permission: "anomalies:read",
    query: z.object({
      ...hostQuery,
      ...spanQuery("now-7d"),
      points: z.coerce.number().int().min(1).max(1_000).default(84),
    }),
    response: z.object({
      stepMs: z.number(),
      perDay: z.number(),
      steps: z.array(z.object({ at: z.number(), info: z.number(), warning: z.number(), critical: z.number() })),
    }),
  }),
  read: endpoint({
    method: "get",
    path: "/anomalies/{id}",
    tag: "Anomalies",
    summary: "One anomaly",
    permission: "anomalies:read",
    params: idParams,
    query: z.object(hostQuery),
    response: anomaly,
  }),
  update: endpoint({
    method: "patch",
    path: "/anomalies/{id}",
    tag: "Anomalies",
    summary:
      "Acknowledges, resolves or reopens an anomaly, or marks it as a false alarm, which lowers later scores of its pattern",
    permission: "anomalies:decide",
    params: idParams,
    query: z.object(hostQuery),
    body: statusUpdate,
    response: anomaly,
  }),
  score: endpoint({
    method: "get",
    path: "/anomalies/{id}/score",
    tag: "Anomalies",
    summary: "The minutes around an anomaly as the detector saw them: value, what was expected, and the score",
    permission: "anomalies:read",
    params: idParams,
    query: z.object({ ...hostQuery, points: z.coerce.number().int().min(10).max(2_000).default(480) }),
    response: z.object({
      series: z.object({ id: z.number().int(), name: z.string(), metric: z.string(), unit, kind }),
      points: z.array(
        z.object({
          at: z.number(),
          value: z.number(),
          expected: z.number(),
          deviation: z.number(),
          score: z.number(),
        }),
      ),
    }),
  }),
};

export const detection = {
  overrides: endpoint({
    method: "get",
    path: "/detection/overrides",
    tag: "Detection",
    summary: "Overrides of the detection settings, by metric and host",
    permission: "detection:read",
    response: z.array(override),
  }),
  saveOverride: endpoint({
    method: "put",
    path: "/detection/overrides",
    tag: "Detection",
    summary: "Sets the override of a metric on a host, or on all hosts; null follows the settings",
    permission: "detection:write",
    body: override,
    response: z.array(override),
  }),
  preview: endpoint({
    method: "get",
    path: "/detection/preview",
    tag: "Detection",
    summary: "Expected alerts: what a policy would have raised of a metric over the past days",
    permission: "detection:read",
    query: z.object({
      ...hostQuery,
      metric: z.string().min(1).max(200),
      days: z.coerce.number().int().min(1).max(60).default(30),
      sensitivity: z.coerce.number().min(0).max(10).optional(),
      seasonal: booleanParam.optional(),
    }),
    response: z.object({
      host: hostRef,
      metric: z.string(),
      series: z.number().int(),
      days: z.number(),
      raised: z.number(),
      worstDay: z.number(),
      byDay: z.array(z.object({ at: z.number(), raised: z.number() })),
    }),
  }),
};
