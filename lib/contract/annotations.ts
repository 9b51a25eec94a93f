import { endpoint } from "#lib/contract/endpoint.ts";
import { ANNOTATION_KINDS } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, hostQuery, idParams, instant, spanQuery } from "#lib/contract/shared.ts";

/** What an annotation says at most. */
export const MAX_TEXT = 500;

const webAddress = z
  .string()
  .max(1_000)
  .refine((text) => text === "" || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)), {
    message: "Write an address that begins with https://",
  });

const annotation = z.object({
  id: z.number().int(),
  hostId: z.number().int().nullable(),
  at: instant,
  kind: z.enum(ANNOTATION_KINDS),
  text: z.string(),
  service: z.string(),
  version: z.string(),
  url: z.string(),
});

export const annotations = {
  list: endpoint({
    method: "get",
    path: "/annotations",
    tag: "Insights",
    summary: "Annotations of a range, newest first",
    permission: "insights:read",
    query: z.object({
      ...hostQuery,
      ...spanQuery("now-30d"),
      kind: z.enum(ANNOTATION_KINDS).optional(),
      service: z.string().min(1).max(300).optional().describe("A name with its namespace, eu/shop, is also shop"),
    }),
    response: z.array(annotation),
  }),
  create: endpoint({
    method: "post",
    path: "/annotations",
    tag: "Insights",
    summary: "Adds an annotation: a deploy, a change, an incident or a note. One with the key of another is that other",
    permission: "annotations:write",
    body: z.object({
      at: instant.optional().describe("Default: now"),
      hostId: entityId.nullable().default(null).describe("null: all hosts"),
      kind: z.enum(ANNOTATION_KINDS).default("note"),
      text: z.string().trim().min(1, "Say what was done").max(MAX_TEXT),
      service: z.string().trim().max(200).default("").describe("Of what, such as shop"),
      version: z.string().trim().max(200).default(""),
      url: webAddress.default("").describe("Where more is said"),
      key: z.string().trim().min(1).max(200).optional().describe("By which what is sent twice is known"),
    }),
    response: annotation,
    status: 201,
  }),
  remove: endpoint({
    method: "delete",
    path: "/annotations/{id}",
    tag: "Insights",
    summary: "Removes an annotation",
    permission: "annotations:write",
    params: idParams,
  }),
};

export const HOOK_KINDS = ["github", "gitlab"] as const;

const hook = z.object({
  id: z.number().int(),
  kind: z.enum(HOOK_KINDS),
  name: z.string(),
  hostId: z.number().int().nullable().describe("null: its events are of all hosts"),
  service: z.string().describe("Empty: the repository's own name"),
  path: z.string().describe("Where it is received, below the portal's address"),
  createdAt: instant,
  lastAt: instant.nullable(),
  received: z.number().describe("Requests that bore the right secret"),
  refused: z.number().describe("Requests that did not, or could not be read"),
  problem: z.string().nullable().describe("Why the newest request was refused or not recorded"),
});

/** Ways in for what CI systems say: deployments and releases become annotations. */
export const eventHooks = {
  list: endpoint({
    method: "get",
    path: "/annotations/hooks",
    tag: "Insights",
    summary: "Webhooks by which GitHub and GitLab report deployments and releases",
    permission: "annotations:hooks",
    response: z.array(hook),
  }),
  create: endpoint({
    method: "post",
    path: "/annotations/hooks",
    tag: "Insights",
    summary: "Adds a webhook; its secret is answered once",
    permission: "annotations:hooks",
    body: z.object({
      kind: z.enum(HOOK_KINDS),
      name: z.string().trim().min(1).max(100),
      hostId: entityId.nullable().default(null),
      service: z.string().trim().max(200).default(""),
    }),
    response: hook.extend({ secret: z.string() }),
    status: 201,
  }),
  remove: endpoint({
    method: "delete",
    path: "/annotations/hooks/{id}",
    tag: "Insights",
    summary: "Removes a webhook; what it recorded stays",
    permission: "annotations:hooks",
    params: idParams,
  }),
  receive: endpoint({
    method: "post",
    path: "/annotations/hooks/{id}",
    tag: "Insights",
    summary: "What GitHub (X-Hub-Signature-256) or GitLab (X-Gitlab-Token) sends; proven by the webhook's secret",
    permission: "public",
    audit: "none",
    ingest: true,
    params: idParams,
    response: z.object({ recorded: z.boolean(), reason: z.string() }),
    status: 200,
  }),
};
