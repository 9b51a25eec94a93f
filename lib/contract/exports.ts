import { endpoint } from "#lib/contract/endpoint.ts";
import { EXPORT_FORMATS, EXPORT_STATUSES } from "#lib/contract/enums.ts";
import {
  EXPORT_PATHS,
  EXPORT_PERMISSIONS,
  EXPORT_SCHEMAS,
  type ExportKind,
  exportRequestSchema,
} from "#lib/contract/export-requests.ts";
import * as z from "#lib/contract/schema.ts";
import { idParams, instant } from "#lib/contract/shared.ts";

const format = z.enum(EXPORT_FORMATS).default("csv");
const file = z.any().describe("The file, streamed");

/** A table of a kind, as a file; `id` stands in the path where a kind has one. */
function exported(kind: ExportKind, summary: string) {
  const { id, ...query } = EXPORT_SCHEMAS[kind].shape as Record<string, z.ZodType>;
  return endpoint({
    method: "get",
    path: `/exports/${EXPORT_PATHS[kind]}`,
    tag: "Exports",
    summary,
    permission: EXPORT_PERMISSIONS[kind],
    ...(id ? { params: z.object({ id }) } : {}),
    query: z.object({ ...query, format }),
    response: file,
  });
}

const job = z.object({
  id: z.number().int(),
  name: z.string().describe("The file's name"),
  format: z.enum(EXPORT_FORMATS),
  status: z.enum(EXPORT_STATUSES),
  rowsExpected: z.number().nullable().describe("Estimate of the number of rows"),
  rowsDone: z.number(),
  bytes: z.number(),
  failure: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
  expiresAt: instant.nullable(),
  path: z.string().nullable().describe("Where anyone who has this path can download the file until it expires"),
});

export const exportEndpoints = {
  samples: exported("samples", "Samples of a host, all or by steps, as CSV, Excel, JSON, NDJSON or Parquet"),
  expression: exported("expression", "What a PromQL expression gives over a range"),
  anomalies: exported("anomalies", "Anomalies of a range"),
  incidents: exported("incidents", "Incidents of a range"),
  alerts: exported("alerts", "Alerts of a range"),
  hosts: exported("hosts", "All hosts"),
  insights: exported("insights", "Recommendations, signals, bottlenecks and trends of a host"),
  experiments: exported("experiments", "All experiments"),
  experiment: exported("experiment", "An experiment's results"),
  report: exported("report", "A report's words and figures, tables and charts"),
  audit: exported("audit", "The audit trail of a range"),
  jobs: endpoint({
    method: "get",
    path: "/exports/jobs",
    tag: "Exports",
    summary: "Your exports in the background, newest first",
    permission: "metrics:export",
    response: z.array(job),
  }),
  createJob: endpoint({
    method: "post",
    path: "/exports/jobs",
    tag: "Exports",
    summary: "Starts an export in the background; its link expires",
    permission: "metrics:export",
    audit: "own",
    body: z.object({ format, request: exportRequestSchema }),
    response: job,
    status: 201,
  }),
  removeJob: endpoint({
    method: "delete",
    path: "/exports/jobs/{id}",
    tag: "Exports",
    summary: "Cancels a pending export, or removes a finished one",
    permission: "metrics:export",
    params: idParams,
  }),
  file: endpoint({
    method: "get",
    path: "/exports/files/{token}",
    tag: "Exports",
    summary: "The file of an export, or a range of its bytes, by its link",
    permission: "public",
    params: z.object({ token: z.string().min(1).max(500) }),
    response: file,
  }),
};
