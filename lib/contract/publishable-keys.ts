import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { idParams, instant } from "#lib/contract/shared.ts";

const TAG = "Experiments";

const ORIGIN = "Write the origin of the pages, such as https://shop.example, without a path";

/** Whether a text is what a browser sends as Origin. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const newPublishableKeySchema = z.object({
  name: z.string().trim().min(1, "Say what it is for").max(100),
  experiments: z.array(z.string().min(1).max(100)).min(1, "Choose at least one experiment").max(100),
  origins: z
    .array(z.string().max(200).refine(isOrigin, ORIGIN))
    .min(1, "Name at least one origin")
    .max(20)
    .describe("Origins of the pages that send it"),
});

const keyInfo = z.object({
  id: z.number().int(),
  name: z.string(),
  key: z.string(),
  experiments: z.array(z.string()),
  origins: z.array(z.string()),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
});

export const publishableKeys = {
  list: endpoint({
    method: "get",
    path: "/publishable-keys",
    tag: TAG,
    summary: "The publishable keys of web pages, with their texts, which are no secret",
    permission: "experiments:write",
    response: z.array(keyInfo),
  }),
  create: endpoint({
    method: "post",
    path: "/publishable-keys",
    tag: TAG,
    summary:
      "Creates a key that web pages of some origins can assign and send events for some experiments with, and nothing else",
    permission: "experiments:write",
    body: newPublishableKeySchema,
    response: keyInfo,
    status: 201,
  }),
  remove: endpoint({
    method: "delete",
    path: "/publishable-keys/{id}",
    tag: TAG,
    summary: "Revokes a publishable key",
    permission: "experiments:write",
    params: idParams,
  }),
};
