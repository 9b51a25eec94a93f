import { endpoint } from "#lib/contract/endpoint.ts";
import { COMBINES, MAX_POINTS, RESOLUTION_NAMES } from "#lib/contract/enums.ts";
import { booleanParam, durationParam } from "#lib/contract/params.ts";
import * as z from "#lib/contract/schema.ts";
import {
  hostQuery,
  hostRef,
  instant,
  kind,
  labels,
  point,
  seriesQuery,
  spanQuery,
  unit,
} from "#lib/contract/shared.ts";

const figure = z.number().nullable();

export const metrics = {
  current: endpoint({
    method: "get",
    path: "/metrics/current",
    tag: "Metrics",
    summary: "The newest figures of a host",
    permission: "metrics:read",
    query: z.object(hostQuery),
    response: z.object({
      host: hostRef,
      timestamp: instant,
      cpu_usage: figure.describe("percent"),
      memory_usage: figure.describe("percent"),
      disk_usage: figure.describe("percent, of the fullest file system"),
      database_performance: z.object({
        response_ms: figure,
        connections: figure,
        connections_usage: figure.describe("percent"),
        transactions_per_second: figure,
        cache_hit_ratio: figure.describe("0 to 1"),
      }),
      network_io: z.object({ receive_bytes_per_second: figure, transmit_bytes_per_second: figure }),
      process_count: figure,
    }),
  }),
  query: endpoint({
    method: "get",
    path: "/metrics/query",
    tag: "Metrics",
    summary: "Series over a range, as points a step apart",
    permission: "metrics:read",
    query: z.object({
      ...hostQuery,
      ...seriesQuery,
      ...spanQuery("now-1h"),
      step: durationParam.optional().describe("5s, 1m, 1h; default: a round step that fits `points`"),
      points: z.coerce
        .number()
        .int()
        .min(1)
        .max(MAX_POINTS)
        .optional()
        .describe("At most this many points per series; default: 300"),
      shift: durationParam.optional().describe("Shifts the range back by this much, for a comparison: 1d, 7d"),
      shape: booleanParam.optional().describe("true: thinned to `points` by LTTB, so that peaks stay"),
    }),
    response: z.object({
      from: z.number(),
      to: z.number(),
      stepMs: z.number(),
      resolutions: z
        .array(z.enum(RESOLUTION_NAMES))
        .describe("What the points were made of: rollups stand in where samples are not kept any more"),
      series: z.array(
        z.object({
          id: z.number().int(),
          metric: z.string(),
          labels,
          name: z.string(),
          unit,
          kind,
          intervalMs: z.number(),
          points: z.array(point),
        }),
      ),
    }),
  }),
  overview: endpoint({
    method: "get",
    path: "/metrics/overview",
    tag: "Metrics",
    summary: "The cards of the overview: last hour, and the last five minutes against a day before",
    permission: "metrics:read",
    query: z.object(hostQuery),
    response: z.array(
      z.object({
        key: z.string(),
        title: z.string(),
        unit,
        rate: z.boolean(),
        combine: z.enum(COMBINES),
        seriesIds: z.array(z.number().int()),
        points: z.array(point),
        recent: figure,
        yesterday: figure,
        threshold: figure.describe("At or above it something is wrong, in the unit of the card"),
      }),
    ),
  }),
  trends: endpoint({
    method: "get",
    path: "/metrics/trends",
    tag: "Metrics",
    summary: "Mean CPU, peak memory, and the trend of each file system",
    permission: "metrics:read",
    query: z.object({ ...hostQuery, hours: z.coerce.number().int().min(1).max(8_760).default(24) }),
    response: z.object({
      hours: z.number(),
      avg_cpu: figure.describe("percent"),
      peak_memory: figure.describe("percent"),
      disk_trend: z.array(
        z.object({
          mount: z.string(),
          usage: z.number().describe("percent"),
          slopePerDay: z.number().describe("percent a day (Theil and Sen)"),
          slopeInterval: z.tuple([z.number(), z.number()]).describe("95 %"),
          fillsAt: instant.nullable().describe("null if growth is not significant, or the date is too far away"),
        }),
      ),
    }),
  }),
};
