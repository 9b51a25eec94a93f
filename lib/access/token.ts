import { findSession, type SessionInfo } from "#lib/access/sessions.ts";
import { portalSecret } from "#lib/config/secret.ts";
import type { Database } from "#lib/db/client.ts";

/** Behind https a browser takes a cookie of this prefix only from this host, by https, for all paths (RFC 6265bis). */
const prefixed = (name: string): string => (process.env.PUBLIC_URL?.startsWith("https:") ? `__Host-${name}` : name);

export const SESSION_COOKIE = prefixed("sightline.session");
export const DEVICE_COOKIE = prefixed("sightline.device");

/** The secret of the session cookies. */
export const sessionSecret = portalSecret;

/** What is wrongly encoded is no value of ours. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The value of one cookie of a Cookie header; undefined where there is none, or it is wrongly encoded. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const [key, ...value] = part.split("=");
    if (key?.trim() === name) return decoded(value.join("=").trim());
  }
  return undefined;
}

/** What a session cookie carries: the id of a session, and which of its rotations it is of. */
export type SessionClaims = { sid?: string; rotation?: number };

/** Whose session cookie this is, checked against the database; undefined for none, a forged, ended or expired one. */
export async function authenticate(db: Database, token: string | undefined): Promise<SessionInfo | undefined> {
  if (!token) return undefined;
  const { decode } = await import("next-auth/jwt");
  const claims = await decode({ token, secret: sessionSecret() }).catch(() => null);
  const { sid, rotation = 0 } = (claims ?? {}) as SessionClaims;
  return typeof sid === "string" ? findSession(db, sid, Date.now(), rotation) : undefined;
}
