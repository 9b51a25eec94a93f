import { endpoint } from "#lib/contract/endpoint.ts";
import { METRIC_KINDS, METRIC_SORTS, METRIC_SOURCES } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import {
  hostQuery,
  hostRef,
  instant,
  kind,
  labels,
  pageQuery,
  point,
  promqlExpression,
  spanQuery,
  unit,
} from "#lib/contract/shared.ts";

const TAG = "Metrics";

const metric = z.object({
  name: z.string().describe("As it is stored; of a histogram without _bucket, _count and _sum"),
  title: z.string().nullable().describe("What pages call it, if it is one of Sightline's own"),
  promql: z.string().describe("Its name in PromQL; of a histogram that of its buckets"),
  semanticName: z.string().nullable().describe("OpenTelemetry's name for it, of Sightline's own metrics"),
  kind,
  unit,
  help: z.string(),
  sources: z.array(z.enum(METRIC_SOURCES)).describe("What measures it"),
  series: z.number().int(),
  hosts: z.number().int(),
  host: hostRef.nullable().describe("The host or input that has it, if it is one only"),
  lastSeenAt: instant.nullable().describe("Its newest sample; null where none is kept any more"),
});

export const catalogue = {
  list: endpoint({
    method: "get",
    path: "/catalogue",
    tag: TAG,
    summary: "All metrics that there are series of",
    permission: "metrics:read",
    query: z.object({
      ...hostQuery,
      search: z.string().max(200).default("").describe("Text in the name, title, help or another name"),
      source: z.enum(METRIC_SOURCES).optional(),
      kind: z.enum(METRIC_KINDS).optional(),
      sort: z.enum(METRIC_SORTS).default("name"),
      order: z.enum(["asc", "desc"]).default("asc"),
      ...pageQuery,
    }),
    response: z.object({ total: z.number().int(), metrics: z.array(metric) }),
  }),
  read: endpoint({
    method: "get",
    path: "/catalogue/metric",
    tag: TAG,
    summary: "A metric with its labels, its hosts and an expression that charts it",
    permission: "metrics:read",
    query: z.object({ name: z.string().min(1).max(1_000), kind: z.enum(METRIC_KINDS) }),
    response: metric.extend({
      labels: z
        .array(
          z.object({
            name: z.string().describe("As PromQL has it"),
            values: z.number().int(),
            most: z.array(z.object({ value: z.string(), series: z.number().int() })),
          }),
        )
        .describe("At most 40, each with the ten values that most series have"),
      hostSeries: z
        .array(z.object({ host: hostRef, series: z.number().int() }))
        .describe("The 20 hosts with the most series"),
      panel: z.object({
        expression: z.string().describe("As it is, as a rate, or as a 95th percentile; added up where series are many"),
        unit,
        rate: z.boolean(),
      }),
    }),
  }),
  chart: endpoint({
    method: "get",
    path: "/metrics/expression",
    tag: TAG,
    summary: "A PromQL expression over a range, for a chart",
    permission: "metrics:read",
    query: z.object({
      ...hostQuery,
      expression: promqlExpression,
      ...spanQuery("now-1h"),
      points: z.coerce.number().int().min(2).max(4_000).default(300).describe("At most so many of each series"),
    }),
    response: z.object({
      fromMs: z.number(),
      toMs: z.number(),
      stepMs: z.number(),
      series: z
        .array(z.object({ name: z.string().describe("What tells it from the others"), labels, points: z.array(point) }))
        .describe("At most 20"),
      leftOut: z.number().int().describe("How many more there are"),
    }),
  }),
};
