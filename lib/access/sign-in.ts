import { verifyPassword } from "#lib/access/password.ts";
import {
  assertUnlocked,
  countTry,
  forgetFailures,
  forgiveTry,
  type Guesser,
  recordFailure,
} from "#lib/access/throttle.ts";
import type { UserInfo } from "#lib/access/users.ts";
import { emailSchema } from "#lib/contract/users.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

export type Credentials = { email: string; password: string };

/** After so many wrong passwords within minutes an account's owner is told. */
const TOLD_AT = 5;

export type SignInOptions = {
  /** What tells a browser that was in the account before, by its email. */
  deviceOf?: (email: string) => string | undefined;
  /** Several wrong passwords in a row were given for an account that there is. */
  onGuessing?: (user: UserInfo) => Promise<void>;
};

const wrong = () => new DomainError("unauthenticated", "The email address or the password is wrong");

/** An address as accounts have it. */
function accountEmail(given: string): string {
  const parsed = emailSchema.safeParse(given);
  return parsed.success ? parsed.data : given.trim().toLowerCase();
}

/**
 * Checks a password. Answers alike, and in the same time, for a wrong password, an unknown and a disabled account.
 * @throws DomainError unauthenticated, rate-limited, locked
 */
export async function signIn(
  db: Database,
  credentials: Credentials,
  address: string,
  { deviceOf, onGuessing }: SignInOptions = {},
): Promise<UserInfo> {
  const email = accountEmail(credentials.email);
  const guesser: Guesser = { account: email, address, device: deviceOf?.(email) };
  // A known device has a budget of its own: an office full of guessers does not use it up.
  if (!guesser.device) await countTry(db, "sign-in", address);
  await assertUnlocked(db, guesser);
  const row = await db.user.findUnique({ where: { email } });
  const matches = await verifyPassword((row && !row.disabledAt && row.passwordHash) || null, credentials.password);
  const user = row && { id: row.id, email: row.email, name: row.name, role: row.role };
  if (!user || !matches) {
    const failures = await recordFailure(db, guesser);
    if (user && failures === TOLD_AT) await onGuessing?.(user);
    throw wrong();
  }
  await forgetFailures(db, guesser);
  if (!guesser.device) await forgiveTry(db, "sign-in", address);
  return user;
}
