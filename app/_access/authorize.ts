import { cookies } from "next/headers";
import { tellOfGuessing } from "#app/_access/guessing-notice.ts";
import { DEVICE_MAX_AGE_S, deviceToken, knownDevice } from "#lib/access/devices.ts";
import { openSession } from "#lib/access/sessions.ts";
import { signIn } from "#lib/access/sign-in.ts";
import { DEVICE_COOKIE, sessionSecret } from "#lib/access/token.ts";
import { RepeatedEvents } from "#lib/audit/repeated.ts";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import { signInSchema } from "#lib/contract/users.ts";
import { database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";

/** What the login page is told: the kind of refusal and how long to wait. */
function refusal(error: unknown): Error {
  if (!isDomainError(error)) return new Error("unavailable:0");
  return new Error(`${error.type}:${error.retryAfterSeconds ?? 0}`);
}

const refused = new RepeatedEvents(database);

type Browser = { address: string; userAgent: string; secure: boolean };

/** Signs a browser in by its credentials: a session, and a cookie by which the device is known again. Either way it is in the audit trail. */
async function open({ email, password }: { email: string; password: string }, browser: Browser) {
  const [db, jar, secret] = [database(), await cookies(), sessionSecret()];
  const { address, userAgent, secure } = browser;
  const user = await signIn(db, { email, password }, address, {
    deviceOf: (account) => knownDevice(jar.get(DEVICE_COOKIE)?.value, account, secret),
    onGuessing: tellOfGuessing(db, address),
  });
  const options = { httpOnly: true, sameSite: "lax", path: "/", secure, maxAge: DEVICE_MAX_AGE_S } as const;
  jar.set(DEVICE_COOKIE, deviceToken(user.email, secret), options);
  const sid = await openSession(db, user.id, { userAgent, address });
  const details = { address, browser: userAgent.slice(0, 200) };
  await recordAuditEvent(db, { userId: user.id, email: user.email, action: "sign-in", details, now: Date.now() });
  return { id: user.id, sid };
}

/** next-auth's `authorize`. @throws Error with the kind of refusal and the seconds to wait */
export async function authorize(given: unknown, browser: Browser): Promise<{ id: string; sid: string }> {
  const parsed = signInSchema.safeParse(given);
  if (!parsed.success) throw new Error("unauthenticated:0");
  try {
    return await open(parsed.data, browser);
  } catch (error) {
    if (isDomainError(error)) {
      const [email, details] = [parsed.data.email.slice(0, 200), { address: browser.address }];
      await refused.record({ userId: null, email, action: `sign-in denied: ${error.type}`, details, now: Date.now() });
    }
    throw refusal(error);
  }
}
