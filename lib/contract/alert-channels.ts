import { endpoint } from "#lib/contract/endpoint.ts";
import { CHANNEL_KINDS, SEVERITIES } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, idParams, instant } from "#lib/contract/shared.ts";

/** What stands in place of a secret that is stored. */
export const HIDDEN = "••••••";

export const channelSchema = z.object({
  name: z.string().trim().min(1, "Enter a name").max(100),
  kind: z.enum(CHANNEL_KINDS),
  enabled: z.boolean().default(true),
  minSeverity: z.enum(SEVERITIES).default("warning").describe("Alerts below it are not sent"),
  hostIds: z.array(entityId).max(1_000).default([]).describe("Default: all hosts"),
  settings: z
    .record(z.string().max(40), z.string().trim().max(2_000))
    .describe(`What the kind needs, such as url; a secret as it is shown (${HIDDEN}) stays as it is`),
});

const delivery = z.object({
  at: instant,
  hostId: z.number().int(),
  host: z.string(),
  alertId: z.number().int(),
  summary: z.string(),
  state: z.enum(["firing", "resolved"]),
  attempts: z.number().int(),
  sentAt: instant.nullable(),
  failedAt: instant.nullable().describe("When it was given up"),
  failure: z.string().nullable(),
  held: z.string().nullable().describe("What holds it back"),
  tries: z
    .array(z.object({ at: instant, failure: z.string().nullable().describe("null of one that was taken") }))
    .describe("The latest attempts"),
});

const channel = z.object({ id: z.number().int(), ...channelSchema.shape, deliveries: z.array(delivery) });

const endpointUrl = z.url({ protocol: /^https?$/ }).max(2_000);
const pushKeyText = z.string().regex(/^[A-Za-z0-9_-]{16,200}={0,2}$/);

/** Browsers that take notifications. */
export const alertPush = {
  key: endpoint({
    method: "get",
    path: "/alerts/push",
    tag: "Alerts",
    summary: "The key that a browser subscribes to notifications with",
    permission: "alerts:read",
    response: z.object({ publicKey: z.string() }),
  }),
  subscribe: endpoint({
    method: "post",
    path: "/alerts/push",
    tag: "Alerts",
    summary: "Has a browser take notifications",
    permission: "alerts:read",
    secret: ["endpoint", "p256dh", "auth"],
    body: z.object({ endpoint: endpointUrl, p256dh: pushKeyText, auth: pushKeyText }),
  }),
  unsubscribe: endpoint({
    method: "delete",
    path: "/alerts/push",
    tag: "Alerts",
    summary: "Has a browser take no notifications any more",
    permission: "alerts:read",
    query: z.object({ endpoint: endpointUrl }),
  }),
};

export const alertChannels = {
  list: endpoint({
    method: "get",
    path: "/alerts/channels",
    tag: "Alerts",
    summary: "Notification channels, with their latest deliveries; secrets are hidden",
    permission: "alerts:channels",
    response: z.array(channel),
  }),
  create: endpoint({
    method: "post",
    path: "/alerts/channels",
    tag: "Alerts",
    summary: "Creates a notification channel",
    permission: "alerts:channels",
    secret: ["settings"],
    body: channelSchema,
    response: z.array(channel),
    status: 201,
  }),
  replace: endpoint({
    method: "put",
    path: "/alerts/channels/{id}",
    tag: "Alerts",
    summary: "Replaces a notification channel",
    permission: "alerts:channels",
    secret: ["settings"],
    params: idParams,
    body: channelSchema,
    response: z.array(channel),
  }),
  remove: endpoint({
    method: "delete",
    path: "/alerts/channels/{id}",
    tag: "Alerts",
    summary: "Removes a notification channel with its delivery log",
    permission: "alerts:channels",
    params: idParams,
  }),
  retry: endpoint({
    method: "post",
    path: "/alerts/channels/{id}/retry",
    tag: "Alerts",
    summary: "Tries again what was given up",
    permission: "alerts:channels",
    params: idParams,
    response: z.object({ deliveries: z.number().int() }),
  }),
  test: endpoint({
    method: "post",
    path: "/alerts/channels/{id}/test",
    tag: "Alerts",
    summary: "Sends a test notification now",
    permission: "alerts:channels",
    params: idParams,
    status: 204,
  }),
};
