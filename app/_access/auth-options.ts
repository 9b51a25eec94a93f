import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { authorize } from "#app/_access/authorize.ts";
import { safePath } from "#lib/access/safe-path.ts";
import { closeSession, findSession, rotateSession } from "#lib/access/sessions.ts";
import { SESSION_COOKIE, type SessionClaims, sessionSecret } from "#lib/access/token.ts";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import { database } from "#lib/db/client.ts";
import { readSettings } from "#lib/settings/store.ts";

const isUuid = (value: unknown): value is string => typeof value === "string" && value.length === 36;

/**
 * next-auth with one way in. The cookie's JWT carries only the id of a session row; each fetch of /api/auth/session
 * rotates the cookie and lengthens the session, which the pages do as often as `session_rotation_minutes` says.
 */
export async function authOptions(publicUrl: string | undefined): Promise<NextAuthOptions> {
  const db = database();
  const { session_max_age_minutes } = await readSettings(db);
  const secure = publicUrl?.startsWith("https:") ?? false;
  return {
    secret: sessionSecret(),
    session: { strategy: "jwt", maxAge: session_max_age_minutes * 60 },
    pages: { signIn: "/login" },
    useSecureCookies: secure,
    cookies: {
      sessionToken: { name: SESSION_COOKIE, options: { httpOnly: true, sameSite: "lax", path: "/", secure } },
    },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        authorize: (given, request) => {
          const header = (name: string): string => String(request.headers?.[name] ?? "");
          return authorize(given, { address: header("x-sightline-peer"), userAgent: header("user-agent"), secure });
        },
      }),
    ],
    callbacks: {
      redirect: ({ url, baseUrl }) =>
        baseUrl + safePath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url, "/"),
      async jwt({ token, user }) {
        if (user) return { sub: user.id, sid: (user as SessionClaims).sid, rotation: 0 };
        // A session that was closed or ran out gets no fresh cookie.
        const { sid, rotation = 0 } = token as SessionClaims;
        const rotated = isUuid(sid) ? await rotateSession(db, sid, rotation) : undefined;
        return rotated === undefined ? {} : { ...token, rotation: rotated };
      },
      session: ({ session, token }) => ({
        expires: (token as SessionClaims).sid ? session.expires : new Date(0).toISOString(),
      }),
    },
    events: {
      async signOut({ token }) {
        const { sid } = (token ?? {}) as SessionClaims;
        if (!isUuid(sid) || !token.sub) return;
        const session = await findSession(db, sid);
        await closeSession(db, token.sub, sid);
        if (!session) return;
        const { id: userId, email } = session.user;
        await recordAuditEvent(db, { userId, email, action: "sign-out", now: Date.now() });
      },
    },
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  };
}
