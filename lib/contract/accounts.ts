import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { instant, roleSchema } from "#lib/contract/shared.ts";
import { emailSchema, nameSchema, passwordSchema } from "#lib/contract/users.ts";

const ACCOUNT_STATES = ["active", "invited", "disabled"] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

const account = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  state: z.enum(ACCOUNT_STATES),
  createdAt: instant,
  lastSeenAt: instant.nullable(),
  sessions: z.number().int(),
  tokens: z.number().int(),
  linkExpiresAt: instant.nullable().describe("Until when the link holds by which its owner chooses a password"),
});

const link = z
  .object({
    url: z.string().describe("Shown once; whoever opens it chooses the password"),
    expiresAt: instant,
    mailed: z.boolean().describe("Whether it was sent by mail as well"),
  })
  .nullable()
  .describe("null where a password was set");

const params = z.object({ id: z.uuid() });
const TAG = "Accounts";

export const accounts = {
  list: endpoint({
    method: "get",
    path: "/accounts",
    tag: TAG,
    summary: "All accounts",
    permission: "accounts:read",
    audit: "read",
    response: z.array(account),
  }),
  create: endpoint({
    method: "post",
    path: "/accounts",
    tag: TAG,
    summary: "Creates an account with a password, or without one invites its owner by a link",
    permission: "accounts:write",
    secret: ["password"],
    body: z.object({
      email: emailSchema,
      name: nameSchema.optional(),
      role: roleSchema,
      password: passwordSchema.optional(),
    }),
    response: z.object({ account, link }),
    status: 201,
  }),
  update: endpoint({
    method: "patch",
    path: "/accounts/{id}",
    tag: TAG,
    summary: "Changes the name or role of an account, or disables it: its sessions and tokens end at once",
    permission: "accounts:write",
    params,
    body: z
      .object({ name: nameSchema.optional(), role: roleSchema.optional(), disabled: z.boolean().optional() })
      .refine((change) => Object.values(change).some((value) => value !== undefined), {
        error: "Name something to change",
      }),
    response: account,
  }),
  reset: endpoint({
    method: "post",
    path: "/accounts/{id}/reset",
    tag: TAG,
    summary: "Sets a password, or sends a link by which its owner chooses one; sessions and tokens end at once",
    permission: "accounts:write",
    secret: ["password"],
    params,
    body: z.object({ password: passwordSchema.optional() }),
    response: z.object({ account, link }),
  }),
  remove: endpoint({
    method: "delete",
    path: "/accounts/{id}",
    tag: TAG,
    summary: "Deletes an account; what it owns is handed over",
    permission: "accounts:write",
    params,
    query: z.object({ to: z.uuid().optional().describe("Id of the account that gets what this one owns") }),
    response: z.object({ handedOver: z.record(z.string(), z.number()) }),
  }),
  tokens: endpoint({
    method: "get",
    path: "/accounts/tokens",
    tag: TAG,
    summary: "Everybody's API tokens, without the tokens themselves",
    permission: "accounts:read",
    audit: "read",
    response: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        email: z.string(),
        scopes: z.array(z.string()),
        createdAt: instant,
        expiresAt: instant,
        lastUsedAt: instant.nullable(),
      }),
    ),
  }),
  removeToken: endpoint({
    method: "delete",
    path: "/accounts/tokens/{id}",
    tag: TAG,
    summary: "Revokes anybody's API token",
    permission: "accounts:write",
    params,
  }),
  readLink: endpoint({
    method: "post",
    path: "/account-links/read",
    tag: TAG,
    summary: "Whose link this is",
    permission: "public",
    audit: "none",
    body: z.object({ token: z.string().min(1).max(200) }),
    response: z.object({ email: z.string(), name: z.string(), isNew: z.boolean() }),
  }),
  acceptLink: endpoint({
    method: "post",
    path: "/account-links/accept",
    tag: TAG,
    summary: "Chooses the password of the account that a link is for",
    permission: "public",
    audit: "own",
    secret: ["token", "password"],
    body: z.object({ token: z.string().min(1).max(200), name: nameSchema.optional(), password: passwordSchema }),
    response: z.object({ email: z.string() }),
  }),
};
