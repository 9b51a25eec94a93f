import { z } from "zod";
import { instant } from "#app/api/_contract/shared.ts";
import { endpoint } from "#app/api/_serve/endpoint.ts";
import { passwordChangeSchema } from "#lib/access/schemas.ts";

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
