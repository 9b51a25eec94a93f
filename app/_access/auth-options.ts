import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { safePath } from "#lib/access/safe-path.ts";
import { closeSession, openSession, renewSession } from "#lib/access/sessions.ts";
import { signIn } from "#lib/access/sign-in.ts";
import { SESSION_COOKIE, sessionSecret } from "#lib/access/token.ts";
import { signInSchema } from "#lib/contract/users.ts";
import { database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { readSettings } from "#lib/settings/store.ts";

type Claims = { sid?: string };

const isUuid = (value: unknown): value is string => typeof value === "string" && value.length === 36;

/** What the login page is told: the kind of refusal and how long to wait. */
function refusal(error: unknown): Error {
  if (!isDomainError(error)) return new Error("unavailable:0");
  return new Error(`${error.type}:${error.retryAfterSeconds ?? 0}`);
}

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
        async authorize(given, request) {
          const parsed = signInSchema.safeParse(given);
          if (!parsed.success) throw new Error("unauthenticated:0");
          const header = (name: string): string => String(request.headers?.[name] ?? "");
          const address = header("x-sightline-peer");
          try {
            const user = await signIn(db, parsed.data, address);
            const sid = await openSession(db, user.id, { userAgent: header("user-agent"), address });
            return { id: user.id, sid };
          } catch (error) {
            throw refusal(error);
          }
        },
      }),
    ],
    callbacks: {
      redirect: ({ url, baseUrl }) =>
        baseUrl + safePath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url, "/"),
      async jwt({ token, user }) {
        if (user) return { sub: user.id, sid: (user as Claims).sid };
        // A session that was closed or ran out gets no fresh cookie.
        const { sid } = token as Claims;
        if (!isUuid(sid) || !(await renewSession(db, sid))) return {};
        return token;
      },
      session: ({ session, token }) => ({
        expires: (token as Claims).sid ? session.expires : new Date(0).toISOString(),
      }),
    },
    events: {
      async signOut({ token }) {
        const { sid } = (token ?? {}) as Claims;
        if (isUuid(sid) && token.sub) await closeSession(db, token.sub, sid);
      },
    },
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  };
}
