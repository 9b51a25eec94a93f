import { endpoint } from "#lib/contract/endpoint.ts";
import { REPORT_TYPES, SECTION_NAMES } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import {
  entityId,
  entityIdParam,
  idParams,
  instant,
  point,
  promqlExpression,
  spanQuery,
  unit,
  zoneName,
} from "#lib/contract/shared.ts";

const head = {
  id: z.number().int(),
  type: z.enum(REPORT_TYPES),
  title: z.string(),
  generatedAt: instant,
  from: instant,
  to: instant,
  hostIds: z.array(z.number().int()),
  insights: z.array(z.string()),
  templateId: z.number().int().nullable(),
};

const cell = z.union([z.string(), z.number(), z.null()]);

const section = z.object({
  title: z.string(),
  words: z.array(z.string()),
  figures: z.array(
    z.object({ label: z.string(), value: z.number(), unit, rate: z.boolean(), before: z.number().nullable() }),
  ),
  charts: z.array(
    z.object({
      title: z.string(),
      unit,
      rate: z.boolean(),
      lines: z.array(z.object({ name: z.string(), points: z.array(point) })),
    }),
  ),
  table: z.object({ columns: z.array(z.string()), rows: z.array(z.array(cell)) }).nullable(),
});

const report = z.object({
  ...head,
  sections: z.array(section),
});

const MOST_EXPRESSIONS = 20;
const expression = z.object({
  title: z.string().trim().min(1, "Enter a title").max(100),
  query: promqlExpression,
  unit: unit.default("count").describe("Of its values: percent, bytes, seconds, count …"),
  rate: z.boolean().default(false).describe("Whether its values are per second"),
});
const expressions = z
  .array(expression)
  .max(MOST_EXPRESSIONS)
  .describe("PromQL expressions, a section each, after the others; of a custom report or a template");

/** An expression that a report has a section of; `unit` as metrics have it, per second where it is a `rate`. */
export type ReportExpression = z.infer<typeof expression>;

/** What a report is made of. */
const composition = {
  type: z.enum(REPORT_TYPES).describe("custom: of a template, or of the sections in section_names"),
  title: z.string().trim().max(100).optional(),
  sectionNames: z.array(z.enum(SECTION_NAMES)).max(SECTION_NAMES.length).optional(),
  expressions: expressions.optional(),
  templateId: entityId.nullable().optional(),
  hostIds: z.array(entityId).max(200).optional().describe("Default: all hosts"),
};

const lines = z.object({ removed: z.array(z.string()), added: z.array(z.string()) });

const plan = {
  name: z.string().trim().min(1, "Enter a name").max(100),
  sectionNames: z.array(z.enum(SECTION_NAMES)).max(SECTION_NAMES.length),
  expressions: expressions.default([]),
  hostIds: z.array(entityId).max(200).default([]).describe("Default: all hosts"),
  days: z.number().min(0.04).max(366).default(7).describe("Length of the period in days"),
};

const template = z.object({ id: z.number().int(), ...plan });

export const reports = {
  list: endpoint({
    method: "get",
    path: "/reports",
    tag: "Reports",
    summary: "Reports, newest first",
    permission: "reports:read",
    response: z.array(z.object(head)),
  }),
  create: endpoint({
    method: "post",
    path: "/reports",
    tag: "Reports",
    summary: "Creates a report of a period",
    permission: "reports:write",
    body: z.object({ ...composition, ...spanQuery("now-7d") }),
    response: report,
    status: 201,
  }),
  read: endpoint({
    method: "get",
    path: "/reports/{id}",
    tag: "Reports",
    summary: "One report, with its sections",
    permission: "reports:read",
    params: idParams,
    response: report,
  }),
  remove: endpoint({
    method: "delete",
    path: "/reports/{id}",
    tag: "Reports",
    summary: "Removes a report",
    permission: "reports:write",
    params: idParams,
  }),
  share: endpoint({
    method: "post",
    path: "/reports/{id}/share",
    tag: "Reports",
    summary: "Creates a link to one report that opens without signing in, until it expires",
    permission: "reports:write",
    audit: "own",
    params: idParams,
    body: z.object({ days: z.number().min(0.01).max(90).default(7) }),
    response: z.object({ path: z.string(), expiresAt: instant }),
  }),
  shares: endpoint({
    method: "get",
    path: "/reports/{id}/share",
    tag: "Reports",
    summary: "Links to a report that still open it, without the links themselves",
    permission: "reports:write",
    params: idParams,
    response: z.array(z.object({ id: z.uuid(), createdAt: instant, expiresAt: instant })),
  }),
  revokeShare: endpoint({
    method: "delete",
    path: "/reports/shares/{id}",
    tag: "Reports",
    summary: "Takes a link to a report back",
    permission: "reports:write",
    params: z.object({ id: z.uuid() }),
  }),
  pdf: endpoint({
    method: "get",
    path: "/reports/{id}/pdf",
    tag: "Reports",
    summary: "A report as PDF; needs Chromium on the portal's machine",
    permission: "metrics:export",
    params: idParams,
    response: z.any(),
  }),
  diff: endpoint({
    method: "get",
    path: "/reports/{id}/diff",
    tag: "Reports",
    summary: "Changes against another report, or against the previous report of the same type and hosts",
    permission: "reports:read",
    params: idParams,
    query: z.object({ against: entityIdParam.optional() }),
    response: z.object({
      report: z.object(head),
      against: z.object(head).nullable().describe("null if there is no previous report"),
      sections: z.array(
        z.object({
          title: z.string(),
          diffState: z.enum(["added", "removed", "same", "changed"]),
          words: lines,
          figures: z.array(
            z.object({
              label: z.string(),
              unit,
              rate: z.boolean(),
              before: z.number().nullable(),
              after: z.number().nullable(),
            }),
          ),
          rows: z.object({
            columns: z.array(z.string()),
            removed: z.array(z.array(cell)),
            added: z.array(z.array(cell)),
            changed: z.array(
              z.object({ name: cell, cells: z.array(z.object({ column: z.string(), before: cell, after: cell })) }),
            ),
          }),
        }),
      ),
    }),
  }),
  previewMail: endpoint({
    method: "post",
    path: "/reports/preview",
    tag: "Reports",
    summary: "The email that a report would be sent as; nothing is stored or sent",
    permission: "reports:write",
    audit: "none",
    body: z.object({ ...composition, ...spanQuery("now-7d"), zone: zoneName.default("UTC") }),
    response: z.object({ subject: z.string(), html: z.string(), text: z.string() }),
  }),
};

export const reportTemplates = {
  list: endpoint({
    method: "get",
    path: "/reports/templates",
    tag: "Reports",
    summary: "Report templates",
    permission: "reports:read",
    response: z.array(template),
  }),
  save: endpoint({
    method: "put",
    path: "/reports/templates",
    tag: "Reports",
    summary: "Creates a template, or changes the one that `id` names",
    permission: "reports:write",
    body: z.object({ id: entityId.optional(), ...plan }),
    response: template,
  }),
  remove: endpoint({
    method: "delete",
    path: "/reports/templates/{id}",
    tag: "Reports",
    summary: "Removes a template; its reports stay",
    permission: "reports:write",
    params: idParams,
  }),
};
