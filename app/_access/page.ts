import { cookies, headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import type { SessionInfo } from "#lib/access/sessions.ts";
import { needsSetup } from "#lib/access/setup.ts";
import { authenticate, SESSION_COOKIE } from "#lib/access/token.ts";
import { may, type Permission } from "#lib/contract/permissions.ts";
import { FIRST_PAGE } from "#lib/contract/roots.ts";
import { database } from "#lib/db/client.ts";

/** Whose page this is; looked up once a request. */
export const currentSession = cache(async (): Promise<SessionInfo | undefined> => {
  const jar = await cookies();
  return authenticate(database(), jar.get(SESSION_COOKIE)?.value);
});

/** The first line of every signed-in page: the session, or the way to one, or a refusal. */
export async function permitPage(permission: Permission): Promise<SessionInfo> {
  const session = await currentSession();
  if (!session) {
    if (await needsSetup(database())) redirect("/setup");
    const path = (await headers()).get("x-sightline-path") ?? FIRST_PAGE;
    redirect(`/login?next=${encodeURIComponent(path)}`);
  }
  if (!may(session.user.role, permission)) forbidden();
  return session;
}
