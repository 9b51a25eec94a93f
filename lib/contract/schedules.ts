import { endpoint } from "#lib/contract/endpoint.ts";
import { REPORT_TYPES } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, idParams, instant, roleSchema, zoneName } from "#lib/contract/shared.ts";
import { recipientSchema } from "#lib/contract/users.ts";

const plan = {
  name: z.string().trim().min(1, "Enter a name").max(100),
  type: z.enum(REPORT_TYPES),
  templateId: entityId.nullable().default(null).describe("Instead of a type and hosts"),
  hostIds: z.array(entityId).max(200).default([]).describe("Default: all hosts"),
  days: z.number().min(0.04).max(366).default(7).describe("Length of the period of each report in days"),
  cron: z.string().trim().min(1).max(100).describe("Five fields: minute hour day month weekday"),
  zone: zoneName.default("UTC"),
  recipients: z.array(recipientSchema).max(200).default([]),
  roles: z.array(roleSchema).max(5).default([]).describe("Everyone who has one of these roles when the email is sent"),
  quiet: z.boolean().default(false).describe("Send nothing if there were no anomalies"),
};

const schedule = z.object({
  id: z.number().int(),
  ...plan,
  enabled: z.boolean(),
  nextAt: instant,
  failure: z.string().nullable().describe("Why the last run failed"),
  createdAt: instant,
  deliveries: z.array(
    z.object({
      recipient: z.string(),
      dueAt: instant,
      sentAt: instant.nullable(),
      failure: z.string().nullable(),
      failedAt: instant.nullable().describe("When it was given up"),
    }),
  ),
});

export const schedules = {
  list: endpoint({
    method: "get",
    path: "/reports/schedules",
    tag: "Reports",
    summary: "Schedules, with their latest emails",
    permission: "reports:write",
    response: z.array(schedule),
  }),
  create: endpoint({
    method: "post",
    path: "/reports/schedules",
    tag: "Reports",
    summary: "Schedules a report by a cron expression in a time zone",
    permission: "reports:write",
    body: z.object(plan),
    response: z.array(schedule),
    status: 201,
  }),
  remove: endpoint({
    method: "delete",
    path: "/reports/schedules/{id}",
    tag: "Reports",
    summary: "Removes a schedule",
    permission: "reports:write",
    params: idParams,
  }),
  send: endpoint({
    method: "post",
    path: "/reports/schedules/{id}/send",
    tag: "Reports",
    summary: "Creates the report of a schedule and sends it now",
    permission: "reports:write",
    params: idParams,
    response: z.object({ mails: z.number() }),
  }),
  unsubscribe: endpoint({
    method: "post",
    path: "/unsubscribe",
    tag: "Reports",
    summary: "Unsubscribes the recipient of an email from its schedule (RFC 8058)",
    permission: "public",
    query: z.object({ token: z.string().min(1).max(1_000) }),
  }),
};
