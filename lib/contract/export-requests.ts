import { ANOMALY_STATUSES, ANOMALY_TYPES, SEVERITIES } from "#lib/contract/enums.ts";
import { durationParam } from "#lib/contract/params.ts";
import type { Permission } from "#lib/contract/permissions.ts";
import * as z from "#lib/contract/schema.ts";
import { entityIdParam, hostQuery, promqlExpression, seriesQuery, spanQuery } from "#lib/contract/shared.ts";

const layout = z
  .enum(["long", "wide"])
  .default("long")
  .describe("long: one row per sample; wide: one column per series");

/** What each kind of export takes. */
export const EXPORT_SCHEMAS = {
  samples: z.object({
    ...hostQuery,
    ...spanQuery("now-1d"),
    ...seriesQuery,
    step: durationParam.optional().describe("5m, 1h; default: raw samples"),
    layout,
  }),
  expression: z.object({
    query: promqlExpression,
    ...spanQuery("now-1d"),
    step: durationParam.optional().describe("5m, 1h; default: 500 steps at most"),
    layout,
  }),
  anomalies: z.object({
    ...hostQuery,
    ...spanQuery("now-30d"),
    severity: z.array(z.enum(SEVERITIES)).optional(),
    status: z.array(z.enum(ANOMALY_STATUSES)).optional(),
    type: z.array(z.enum(ANOMALY_TYPES)).optional(),
    incident: entityIdParam.optional(),
  }),
  incidents: z.object({ ...hostQuery, ...spanQuery("now-30d") }),
  alerts: z.object({ ...hostQuery, ...spanQuery("now-30d") }),
  hosts: z.object({}),
  insights: z.object(hostQuery),
  experiments: z.object({}),
  experiment: z.object({ id: z.string().min(1).max(100) }),
  report: z.object({ id: entityIdParam }),
  audit: z.object(spanQuery("now-30d")),
};

export type ExportKind = keyof typeof EXPORT_SCHEMAS;
/** An empty object is a record of nothing to zod: its own keys only. */
type OwnKeys<T> = { [P in keyof T as string extends P ? never : P]: T[P] };
export type ExportRequest = {
  [K in ExportKind]: { kind: K } & OwnKeys<z.infer<(typeof EXPORT_SCHEMAS)[K]>>;
}[ExportKind];

/** The permission that each kind of export needs. */
export const EXPORT_PERMISSIONS: Record<ExportKind, Permission> = {
  samples: "metrics:export",
  expression: "metrics:export",
  anomalies: "metrics:export",
  incidents: "metrics:export",
  alerts: "metrics:export",
  hosts: "metrics:export",
  insights: "metrics:export",
  experiments: "metrics:export",
  experiment: "metrics:export",
  report: "metrics:export",
  audit: "audit:read",
};

/** The path of each kind of export, below /exports. */
export const EXPORT_PATHS: Record<ExportKind, string> = {
  samples: "samples",
  expression: "expression",
  anomalies: "anomalies",
  incidents: "incidents",
  alerts: "alerts",
  hosts: "hosts",
  insights: "insights",
  experiments: "experiments",
  experiment: "experiments/{id}",
  report: "reports/{id}",
  audit: "audit",
};

/** Any kind of export, by `kind`. */
export const exportRequestSchema = z.discriminatedUnion(
  "kind",
  Object.entries(EXPORT_SCHEMAS).map(([kind, schema]) => z.object({ kind: z.literal(kind), ...schema.shape })) as never,
) as unknown as z.ZodType<ExportRequest, ExportRequest>;
