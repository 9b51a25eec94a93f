import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, idParams, instant } from "#lib/contract/shared.ts";
import { recipientSchema } from "#lib/contract/users.ts";

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "Write small letters, digits and -");

export const statusPageSchema = z.object({
  slug,
  title: z.string().trim().min(1, "Enter a title").max(100),
  isPublic: z.boolean().default(false).describe("false: only whoever has its signed address sees it"),
  groups: z
    .array(
      z.object({
        name: z.string().trim().min(1, "Enter a name").max(100),
        hostIds: z.array(entityId).min(1, "Name the hosts of this group").max(200),
      }),
    )
    .min(1)
    .max(50),
});

const state = z.enum(["up", "down", "maintenance"]);

const statusReport = z.object({
  title: z.string(),
  at: instant,
  state: state.describe("The worst of its groups"),
  groups: z.array(
    z.object({
      name: z.string(),
      state,
      uptime: z.number().nullable().describe("Share of the past 90 days without a critical alert; null without data"),
      days: z
        .array(
          z.object({ at: z.number(), downMs: z.number(), covered: z.boolean().describe("Whether there was data") }),
        )
        .describe("Each of the past 90 days, UTC"),
    }),
  ),
  incidents: z.array(
    z.object({ group: z.string(), title: z.string(), startedAt: instant, endedAt: instant.nullable() }),
  ),
  maintenance: z.array(z.object({ group: z.string(), title: z.string(), from: instant, to: instant })),
});

const page = z.object({
  id: z.number().int(),
  ...statusPageSchema.shape,
  url: z.string(),
  subscribers: z.number().int(),
});

const bySlug = { params: z.object({ slug }), query: z.object({ token: z.string().max(1_000).optional() }) };

/** Pages for whoever uses what is monitored. */
export const statusPages = {
  list: endpoint({
    method: "get",
    path: "/alerts/status-pages",
    tag: "Status pages",
    summary: "Status pages, with their addresses",
    permission: "alerts:channels",
    response: z.array(page),
  }),
  create: endpoint({
    method: "post",
    path: "/alerts/status-pages",
    tag: "Status pages",
    summary: "Creates a status page",
    permission: "alerts:channels",
    body: statusPageSchema,
    response: z.array(page),
    status: 201,
  }),
  replace: endpoint({
    method: "put",
    path: "/alerts/status-pages/{id}",
    tag: "Status pages",
    summary: "Replaces a status page",
    permission: "alerts:channels",
    params: idParams,
    body: statusPageSchema,
    response: z.array(page),
  }),
  remove: endpoint({
    method: "delete",
    path: "/alerts/status-pages/{id}",
    tag: "Status pages",
    summary: "Removes a status page with its subscribers",
    permission: "alerts:channels",
    params: idParams,
  }),
  read: endpoint({
    method: "get",
    path: "/status-pages/{slug}",
    tag: "Status pages",
    summary: "A status page as JSON: a public one, or one whose signed token is given",
    permission: "public",
    ...bySlug,
    response: statusReport,
  }),
  feed: endpoint({
    method: "get",
    path: "/status-pages/{slug}/feed",
    tag: "Status pages",
    summary: "The incidents of a status page as RSS 2.0",
    permission: "public",
    ...bySlug,
  }),
  subscribe: endpoint({
    method: "post",
    path: "/status-pages/{slug}/subscribers",
    tag: "Status pages",
    summary: "Sends a link to an address, by which it is notified of incidents from then on",
    permission: "public",
    audit: "none",
    ...bySlug,
    body: z.object({ email: recipientSchema }),
  }),
  confirm: endpoint({
    method: "post",
    path: "/status-subscriptions",
    tag: "Status pages",
    summary: "Confirms a subscription by the link of its email",
    permission: "public",
    query: z.object({ token: z.string().min(1).max(1_000) }),
  }),
  unsubscribe: endpoint({
    method: "delete",
    path: "/status-subscriptions",
    tag: "Status pages",
    summary: "Ends a subscription by the link of its emails",
    permission: "public",
    query: z.object({ token: z.string().min(1).max(1_000) }),
  }),
};
