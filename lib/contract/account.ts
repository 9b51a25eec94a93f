import { z } from "zod";
import { passwordChangeSchema } from "#lib/access/schemas.ts";
import { endpoint } from "#lib/contract/endpoint.ts";
import { instant } from "#lib/contract/shared.ts";

export const changePasswordEndpoint = endpoint({
  method: "post",
  path: "/account/password",
  tag: "Account",
  summary: "Changes your password and signs your other browsers out",
  permission: "account:manage",
  body: passwordChangeSchema,
});

export const sessionsEndpoint = endpoint({
  method: "get",
  path: "/account/sessions",
  tag: "Account",
  summary: "Where you are signed in",
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
});

export const closeSessionEndpoint = endpoint({
  method: "delete",
  path: "/account/sessions/{id}",
  tag: "Account",
  summary: "Signs one of your browsers out",
  permission: "account:manage",
  params: z.object({ id: z.uuid() }),
});

const tokenInfo = { id: z.uuid(), name: z.string(), expiresAt: instant };

export const tokensEndpoint = endpoint({
  method: "get",
  path: "/account/tokens",
  tag: "Account",
  summary: "Your API tokens, without their texts",
  permission: "account:manage",
  response: z.array(z.object({ ...tokenInfo, createdAt: instant, lastUsedAt: instant.nullable() })),
});

export const createTokenEndpoint = endpoint({
  method: "post",
  path: "/account/tokens",
  tag: "Account",
  summary: "Makes a token that acts as you; its text is shown this once",
  permission: "account:manage",
  body: z.object({
    name: z.string().trim().min(1, "Say what it is for").max(100),
    days: z.number().int().min(1).max(730).default(365),
  }),
  response: z.object({ ...tokenInfo, token: z.string() }),
  status: 201,
});

export const removeTokenEndpoint = endpoint({
  method: "delete",
  path: "/account/tokens/{id}",
  tag: "Account",
  summary: "Takes a token away",
  permission: "account:manage",
  params: z.object({ id: z.uuid() }),
});
