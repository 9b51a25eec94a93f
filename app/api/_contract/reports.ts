import { z } from "zod";
import { idParams, instant, spanQuery } from "#app/api/_contract/shared.ts";
import { endpoint } from "#app/api/_serve/endpoint.ts";
import { FORMATS } from "#lib/export/table.ts";
import { REPORT_TYPES } from "#lib/report/compose.ts";

const head = {
  id: z.number().int(),
  type: z.string(),
  title: z.string(),
  generatedAt: instant,
  from: instant,
  to: instant,
  hostIds: z.array(z.number().int()),
  insights: z.array(z.string()),
};

const report = z.object({
  ...head,
  sections: z.array(z.looseObject({ title: z.string(), words: z.array(z.string()) })),
});

export const reportsEndpoint = endpoint({
  method: "get",
  path: "/reports",
  tag: "Reports",
  summary: "Reports that were made, newest first",
  permission: "reports:read",
  response: z.array(z.object(head)),
});

export const makeReportEndpoint = endpoint({
  method: "post",
  path: "/reports",
  tag: "Reports",
  summary: "Makes a report of a period and keeps it as it is",
  permission: "reports:write",
  body: z.object({
    type: z.enum(REPORT_TYPES),
    hostIds: z.array(z.number().int().positive()).max(200).optional().describe("All hosts where none is named"),
    ...spanQuery("now-7d"),
  }),
  response: report,
  status: 201,
});

export const reportEndpoint = endpoint({
  method: "get",
  path: "/reports/{id}",
  tag: "Reports",
  summary: "One report, with its sections",
  permission: "reports:read",
  params: idParams,
  response: report,
});

export const removeReportEndpoint = endpoint({
  method: "delete",
  path: "/reports/{id}",
  tag: "Reports",
  summary: "Removes a report",
  permission: "reports:write",
  params: idParams,
});

export const exportReportEndpoint = endpoint({
  method: "get",
  path: "/exports/reports/{id}",
  tag: "Exports",
  summary: "A report's words and figures as rows",
  permission: "metrics:export",
  params: idParams,
  query: z.object({ format: z.enum(FORMATS).default("xlsx") }),
  response: z.any(),
});

export const shareReportEndpoint = endpoint({
  method: "post",
  path: "/reports/{id}/share",
  tag: "Reports",
  summary: "Makes a link to one report that opens without signing in, until it expires",
  permission: "reports:write",
  params: idParams,
  body: z.object({ days: z.number().min(0.01).max(90).default(7) }),
  response: z.object({ path: z.string(), expiresAt: instant }),
});

export const reportPdfEndpoint = endpoint({
  method: "get",
  path: "/reports/{id}/pdf",
  tag: "Reports",
  summary: "A report as PDF, printed by Chromium where the portal's machine has it",
  permission: "metrics:export",
  params: idParams,
  response: z.any(),
});
