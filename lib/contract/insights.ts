import { endpoint } from "#lib/contract/endpoint.ts";
import {
  ANOMALY_STATUSES,
  FORECAST_MODELS,
  RECOMMENDATION_STATUSES,
  RESOURCE_KINDS,
  SIGNAL_KINDS,
} from "#lib/contract/enums.ts";
import { durationParam } from "#lib/contract/params.ts";
import * as z from "#lib/contract/schema.ts";
import {
  entityIdParam,
  hostQuery,
  instant,
  kind,
  labels,
  point,
  severity,
  unit,
  zoneName,
} from "#lib/contract/shared.ts";

const time = z.number().nullable().describe("ms since the epoch");

/** A figure that something rests on. */
export const evidence = z.object({
  label: z.string(),
  value: z.number(),
  unit,
  rate: z.boolean().optional(),
  series: z.string().optional(),
  seriesId: z.number().int().optional(),
});

const pair = z.object({ now: z.number(), before: z.number().nullable() });
const named = { id: z.number().int(), name: z.string(), metric: z.string(), unit, rate: z.boolean() };

const signal = {
  kind: z.enum(SIGNAL_KINDS),
  subject: z.string(),
  at: time,
  earliest: time,
  latest: time,
  severity,
};

const insightsAnswer = z.object({
  ongoing: z
    .array(
      z.object({
        kind: z.enum(["anomaly", "alert"]),
        id: z.number().int(),
        incidentId: z.number().int().nullable().describe("Of an anomaly"),
        seriesId: z.number().int(),
        series: z.string(),
        severity,
        status: z.enum(ANOMALY_STATUSES),
        reason: z.string(),
        detectedAt: instant,
      }),
    )
    .describe("Alerts that fire and anomalies that go on, the gravest first"),
  covered: z
    .object({ dayMs: z.number(), allMs: z.number() })
    .describe("How much data there is: of the past day, and of the past 21 days"),
  trends: z.array(z.object({ ...named, day: pair, week: pair })),
  bottlenecks: z.array(
    z.object({
      kind: z.enum(RESOURCE_KINDS),
      subject: z.string().describe("Device or mount point"),
      resource: z.string(),
      utilisation: z.number().describe("percent, 95th percentile of the past day, or of what there is of it"),
      headroom: z.number().describe("times the present load; 1 is full"),
      saturated: z.boolean(),
      now: z.boolean().describe("Saturated in the past 10 minutes"),
      evidence: z.array(evidence),
    }),
  ),
  signals: z.array(z.object({ ...signal, evidence: z.array(evidence) })),
  recommendations: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      severity,
      why: z.string(),
      now: z.boolean().describe("Of what is wrong at this moment"),
      evidence: z.array(evidence),
      gain: z.string(),
      how: z.array(z.string()),
      undo: z.string(),
      status: z.enum(RECOMMENDATION_STATUSES),
      until: instant.nullable(),
      statusAt: instant.nullable(),
      effect: z
        .object({ before: z.number(), since: z.number() })
        .nullable()
        .describe("If it is done: its first figure at that time, and the mean since"),
    }),
  ),
});

export const forecasts = {
  read: endpoint({
    method: "get",
    path: "/forecasts",
    tag: "Insights",
    summary: "Forecast of a series with 80 % and 95 % intervals, and when a percentage reaches 100",
    permission: "insights:read",
    query: z.object({
      ...hostQuery,
      series: entityIdParam,
      zone: zoneName.optional(),
    }),
    response: z.object({
      series: z.object({ id: z.number(), name: z.string(), metric: z.string(), labels, unit, kind }),
      stepMs: z.number(),
      points: z.array(point),
      model: z
        .object({
          name: z.enum(FORECAST_MODELS),
          period: z.number().describe("in steps; 1 for none"),
          mase: z.number().describe("error over the past as a share of the seasonal naive model's"),
          origins: z.number().describe("instants of the past that it was tested from"),
        })
        .nullable()
        .describe("null where the past is too short"),
      forecast: z.array(
        z.object({
          at: z.number(),
          expected: z.number(),
          low80: z.number(),
          high80: z.number(),
          low95: z.number(),
          high95: z.number(),
        }),
      ),
      capacity: z.object({ at: time, earliest: time, latest: time, probability: z.number() }).nullable(),
    }),
  }),
};

export const insights = {
  read: endpoint({
    method: "get",
    path: "/insights",
    tag: "Insights",
    summary: "Trends, bottlenecks, maintenance signals and recommendations of a host",
    permission: "insights:read",
    query: z.object(hostQuery),
    response: insightsAnswer,
  }),
  upcoming: endpoint({
    method: "get",
    path: "/insights/upcoming",
    tag: "Insights",
    summary:
      "What will need a hand on any host within a month, the soonest first: found once an hour from the past three weeks",
    permission: "insights:read",
    response: z.array(z.object({ hostId: z.number().int(), host: z.string(), ...signal })),
  }),
  updateRecommendation: endpoint({
    method: "patch",
    path: "/insights/recommendations",
    tag: "Insights",
    summary: "Dismisses, snoozes or closes a recommendation, or opens it again",
    permission: "insights:decide",
    query: z.object(hostQuery),
    body: z.object({
      key: z.string().min(1).max(300),
      status: z.enum(RECOMMENDATION_STATUSES),
      days: z.number().int().min(1).max(365).default(7).describe("How many days to snooze"),
    }),
    response: insightsAnswer,
  }),
  wording: endpoint({
    method: "get",
    path: "/insights/wording",
    tag: "Insights",
    summary:
      "The explanation of a recommendation, by rules or by the language model of the settings with each figure checked",
    permission: "insights:read",
    query: z.object({ ...hostQuery, key: z.string().min(1).max(300) }),
    response: z.object({ text: z.string(), by: z.enum(["rules", "model"]), refused: z.string().optional() }),
  }),
  compare: endpoint({
    method: "get",
    path: "/insights/compare",
    tag: "Insights",
    summary: "The metrics after an instant compared with what the time before predicts",
    permission: "insights:read",
    query: z.object({
      ...hostQuery,
      at: z.string().describe("ISO 8601, ms since the epoch, or now-1h"),
      metric: z.array(z.string().min(1).max(200)).max(20).optional(),
      before: durationParam.prefault("14d"),
      after: durationParam.prefault("1d"),
      zone: zoneName.optional(),
    }),
    response: z.array(
      z.object({
        ...named,
        before: z.number(),
        after: z.number(),
        counterfactual: z.number().describe("what was expected"),
        effect: z.number(),
        relative: z.number().nullable(),
        ci: z.tuple([z.number(), z.number()]).describe("95 %"),
        relativeCi: z.tuple([z.number(), z.number()]).nullable(),
        p: z.number(),
        probabilityUp: z.number(),
        season: z.enum(["week", "day", "none"]),
        blocks: z.object({ before: z.number(), after: z.number() }),
      }),
    ),
  }),
};
