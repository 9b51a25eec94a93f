import { z } from "zod";
import { endpoint } from "#lib/contract/endpoint.ts";
import { idParams, instant } from "#lib/contract/shared.ts";
import { JOB_STATUSES } from "#lib/exports/jobs.ts";
import { EXPORT_PATHS } from "#lib/exports/path.ts";
import { EXPORT_PERMISSIONS, EXPORT_SCHEMAS, type ExportKind } from "#lib/exports/request.ts";
import { FORMATS } from "#lib/tables/table.ts";

const format = z.enum(FORMATS).default("csv");
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

export const exportSamplesEndpoint = exported(
  "samples",
  "Samples of a host, all or by steps, as CSV, Excel, JSON, NDJSON or Parquet",
);
export const exportAnomaliesEndpoint = exported("anomalies", "Anomalies of a range");
export const exportIncidentsEndpoint = exported("incidents", "Incidents of a range");
export const exportHostsEndpoint = exported("hosts", "All hosts");
export const exportInsightsEndpoint = exported(
  "insights",
  "Recommendations, signals, bottlenecks and trends of a host",
);
export const exportExperimentsEndpoint = exported("experiments", "All experiments");
export const exportExperimentEndpoint = exported("experiment", "An experiment's results");
export const exportReportEndpoint = exported("report", "A report's words and figures, tables and charts");
export const exportAuditEndpoint = exported("audit", "The audit trail of a range");

const job = z.object({
  id: z.number().int(),
  name: z.string().describe("The file's name"),
  format: z.enum(FORMATS),
  status: z.enum(JOB_STATUSES),
  rowsExpected: z.number().nullable().describe("About how many rows come"),
  rowsDone: z.number(),
  bytes: z.number(),
  failure: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
  expiresAt: instant.nullable(),
  path: z.string().nullable().describe("Where the file is taken until it expires; whoever has this may"),
});

const request = z.discriminatedUnion(
  "kind",
  Object.entries(EXPORT_SCHEMAS).map(([kind, schema]) => z.object({ kind: z.literal(kind), ...schema.shape })) as never,
);

export const exportJobsEndpoint = endpoint({
  method: "get",
  path: "/exports/jobs",
  tag: "Exports",
  summary: "Your files that are made in the background, newest first",
  permission: "metrics:export",
  response: z.array(job),
});

export const createExportJobEndpoint = endpoint({
  method: "post",
  path: "/exports/jobs",
  tag: "Exports",
  summary: "Makes a file in the background, for a link that expires",
  permission: "metrics:export",
  body: z.object({ format, request }),
  response: job,
  status: 201,
});

export const removeExportJobEndpoint = endpoint({
  method: "delete",
  path: "/exports/jobs/{id}",
  tag: "Exports",
  summary: "Cancels the making of a file, or removes one that was made",
  permission: "metrics:export",
  params: idParams,
});

export const exportFileEndpoint = endpoint({
  method: "get",
  path: "/exports/files/{token}",
  tag: "Exports",
  summary: "A file that was made, or a range of its bytes, by its link",
  permission: "public",
  params: z.object({ token: z.string().min(1).max(500) }),
  response: file,
});
