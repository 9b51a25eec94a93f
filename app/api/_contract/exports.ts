import { z } from "zod";
import { hostQuery, severity, spanQuery } from "#app/api/_contract/shared.ts";
import { endpoint } from "#app/api/_serve/endpoint.ts";
import { FORMATS } from "#lib/export/table.ts";
import { MAX_SERIES } from "#lib/query/range.ts";
import { RESOLUTIONS } from "#lib/store/anomalies.ts";

const format = z.enum(FORMATS).default("csv");
const file = z.any().describe("The file, streamed");

export const exportSamplesEndpoint = endpoint({
  method: "get",
  path: "/exports/samples",
  tag: "Exports",
  summary: "Samples of a host, all or means of steps, as JSON, NDJSON, CSV or Excel",
  permission: "metrics:export",
  query: z.object({
    ...hostQuery,
    ...spanQuery("now-1d"),
    series: z.array(z.string().min(1).max(300)).min(1).max(MAX_SERIES),
    step: z.string().optional().describe("5m, 1h; every single sample where none is named"),
    format,
  }),
  response: file,
});

export const exportAnomaliesEndpoint = endpoint({
  method: "get",
  path: "/exports/anomalies",
  tag: "Exports",
  summary: "Anomalies of a range",
  permission: "metrics:export",
  query: z.object({
    ...hostQuery,
    ...spanQuery("now-30d"),
    severity: z.array(severity).optional(),
    status: z.array(z.enum(RESOLUTIONS)).optional(),
    format,
  }),
  response: file,
});

export const exportExperimentEndpoint = endpoint({
  method: "get",
  path: "/exports/experiments/{id}",
  tag: "Exports",
  summary: "An experiment's results",
  permission: "metrics:export",
  params: z.object({ id: z.string().min(1).max(100) }),
  query: z.object({ format }),
  response: file,
});

export const exportAuditEndpoint = endpoint({
  method: "get",
  path: "/exports/audit",
  tag: "Exports",
  summary: "The audit trail of a range",
  permission: "audit:read",
  query: z.object({ ...spanQuery("now-30d"), format }),
  response: file,
});
