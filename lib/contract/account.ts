import { endpoint } from "#lib/contract/endpoint.ts";
import { type Permission, TOKEN_SCOPES } from "#lib/contract/permissions.ts";
import * as z from "#lib/contract/schema.ts";
import { instant } from "#lib/contract/shared.ts";
import { passwordChangeSchema } from "#lib/contract/users.ts";

const tokenInfo = { id: z.uuid(), name: z.string(), scopes: z.array(z.string()), expiresAt: instant };

export const account = {
  changePassword: endpoint({
    method: "post",
    path: "/account/password",
    tag: "Account",
    summary: "Changes your password and signs your other browsers out",
    permission: "account:manage",
    secret: ["current", "next"],
    body: passwordChangeSchema,
  }),
  sessions: endpoint({
    method: "get",
    path: "/account/sessions",
    tag: "Account",
    summary: "Your sessions",
    permission: "account:manage",
    response: z.array(
      z.object({
        id: z.uuid(),
        createdAt: instant,
        lastSeenAt: instant,
        userAgent: z.string(),
        address: z.string(),
        current: z.boolean(),
      }),
    ),
  }),
  closeSession: endpoint({
    method: "delete",
    path: "/account/sessions/{id}",
    tag: "Account",
    summary: "Signs one of your browsers out",
    permission: "account:manage",
    params: z.object({ id: z.uuid() }),
  }),
  signIns: endpoint({
    method: "get",
    path: "/account/sign-ins",
    tag: "Account",
    summary: "Who signed in to your account over the past 30 days, or tried to, newest first, at most 20",
    permission: "account:manage",
    response: z.array(
      z.object({
        at: instant,
        address: z.string(),
        refused: z.string().optional().describe("Why; none for a sign-in that succeeded"),
        count: z.number().describe("How often in a row"),
      }),
    ),
  }),
  tokens: endpoint({
    method: "get",
    path: "/account/tokens",
    tag: "Account",
    summary: "Your API tokens, without the tokens themselves",
    permission: "account:manage",
    response: z.array(z.object({ ...tokenInfo, createdAt: instant, lastUsedAt: instant.nullable() })),
  }),
  createToken: endpoint({
    method: "post",
    path: "/account/tokens",
    tag: "Account",
    summary: "Creates a token that acts as you within its scopes; it is shown only once",
    permission: "account:manage",
    body: z.object({
      name: z.string().trim().min(1, "Say what it is for").max(100),
      days: z.number({ error: "Say after how many days it expires, 1 to 730" }).int().min(1).max(730),
      scopes: z
        .array(z.enum(TOKEN_SCOPES as [Permission, ...Permission[]]))
        .min(1, "Choose at least one scope")
        .max(TOKEN_SCOPES.length)
        .describe("Permissions, of those that your role holds"),
    }),
    response: z.object({ ...tokenInfo, token: z.string() }),
    status: 201,
  }),
  removeToken: endpoint({
    method: "delete",
    path: "/account/tokens/{id}",
    tag: "Account",
    summary: "Removes a token",
    permission: "account:manage",
    params: z.object({ id: z.uuid() }),
  }),
};
