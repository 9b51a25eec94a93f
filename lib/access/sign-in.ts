import { verifyPassword } from "#lib/access/password.ts";
import { assertUnlocked, countTry, forgetFailures, forgiveTry, recordFailure } from "#lib/access/throttle.ts";
import type { UserInfo } from "#lib/access/users.ts";
import { emailSchema } from "#lib/contract/users.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

export type Credentials = { email: string; password: string };

const wrong = () => new DomainError("unauthenticated", "The email address or the password is wrong");

/**
 * Checks a password. Answers alike, and in the same time, for a wrong password, an unknown and a disabled account.
 * @throws DomainError unauthenticated, rate-limited, locked
 */
export async function signIn(db: Database, credentials: Credentials, address: string): Promise<UserInfo> {
  await countTry(db, "sign-in", address);
  const parsed = emailSchema.safeParse(credentials.email);
  const email = parsed.success ? parsed.data : credentials.email.trim().toLowerCase();
  await assertUnlocked(db, email);
  const user = await db.user.findUnique({ where: { email } });
  const matches = await verifyPassword(user && !user.disabledAt ? user.passwordHash : null, credentials.password);
  if (!user || !matches) {
    await recordFailure(db, email);
    throw wrong();
  }
  await Promise.all([forgetFailures(db, email), forgiveTry(db, "sign-in", address)]);
  return { id: user.id, email: user.email, name: user.name, role: user.role };
}
