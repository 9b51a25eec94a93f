import { z } from "zod";
import type { Permission } from "#lib/access/permissions.ts";
import { ANOMALY_STATUSES, ANOMALY_TYPES, SEVERITIES } from "#lib/contract/enums.ts";
import { hostQuery, spanQuery } from "#lib/time/range-params.ts";
import { AGGREGATES, COMBINES } from "#lib/tsdb/points.ts";
import { MAX_SERIES } from "#lib/tsdb/query.ts";

const severities = z.array(z.enum(SEVERITIES)).optional();

/** What each kind of export can be asked. */
export const EXPORT_SCHEMAS = {
  samples: z.object({
    ...hostQuery,
    ...spanQuery("now-1d"),
    series: z.array(z.string().min(1).max(300)).min(1).max(MAX_SERIES),
    step: z.string().optional().describe("5m, 1h; every single sample where none is named"),
    layout: z
      .enum(["long", "wide"])
      .default("long")
      .describe("long: a row for each sample; wide: a column for each series"),
    aggregate: z.enum(AGGREGATES).optional().describe("Of each step; avg for a gauge, rate for a counter by default"),
    by: z.string().max(100).optional().describe("Joins series with the same value of this label; needs a step"),
    combine: z.enum(COMBINES).optional().describe("How `by` joins them: sum by default"),
    top: z.coerce.number().int().min(1).max(MAX_SERIES).optional().describe("Only so many series, highest means first"),
    zone: z.string().max(60).optional().describe("IANA zone whose days the steps keep to"),
  }),
  anomalies: z.object({
    ...hostQuery,
    ...spanQuery("now-30d"),
    severity: severities,
    status: z.array(z.enum(ANOMALY_STATUSES)).optional(),
    type: z.array(z.enum(ANOMALY_TYPES)).optional(),
    incident: z.coerce.number().int().positive().optional(),
  }),
  incidents: z.object({ ...hostQuery, ...spanQuery("now-30d") }),
  hosts: z.object({}),
  insights: z.object(hostQuery),
  experiments: z.object({}),
  experiment: z.object({ id: z.string().min(1).max(100) }),
  report: z.object({ id: z.coerce.number().int().positive() }),
  audit: z.object(spanQuery("now-30d")),
};

export type ExportKind = keyof typeof EXPORT_SCHEMAS;
/** An empty object is a record of nothing to zod: its own keys only. */
type Known<T> = { [P in keyof T as string extends P ? never : P]: T[P] };
export type ExportRequest = { [K in ExportKind]: { kind: K } & Known<z.infer<(typeof EXPORT_SCHEMAS)[K]>> }[ExportKind];

/** What a reader must be permitted, to export a kind. */
export const EXPORT_PERMISSIONS: Record<ExportKind, Permission> = {
  samples: "metrics:export",
  anomalies: "metrics:export",
  incidents: "metrics:export",
  hosts: "metrics:export",
  insights: "metrics:export",
  experiments: "metrics:export",
  experiment: "metrics:export",
  report: "metrics:export",
  audit: "audit:read",
};
