import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { countTry } from "#lib/access/throttle.ts";
import { createUser, type UserInfo } from "#lib/access/users.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

const digest = (token: string) => createHash("sha256").update(token.trim().toUpperCase()).digest();

/** Letters and digits that are not mistaken for one another (Crockford's base 32). */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Is there nobody yet who could sign in? */
export async function needsSetup(db: Database): Promise<boolean> {
  return (await db.user.count()) === 0;
}

/** A new one-time token for the set-up page, 80 bits; the one before it no longer works. Only its hash is kept. */
export async function issueSetupToken(db: Database): Promise<string> {
  const letters = [...randomBytes(16)].map((byte) => ALPHABET[byte % 32]).join("");
  const token = letters.replace(/(.{4})(?=.)/g, "$1-");
  const hash = digest(token).toString("base64url");
  await db.setupToken.upsert({ where: { id: 1 }, create: { hash }, update: { hash, createdAt: new Date() } });
  return token;
}

export type SetupInput = { token: string; email: string; name?: string | undefined; password: string };

/**
 * Makes the first administrator and uses the token up, both or neither.
 * @throws DomainError conflict when set-up was done, forbidden for a wrong token, validation for the account
 */
export async function completeSetup(db: Database, input: SetupInput, address: string): Promise<UserInfo> {
  await countTry(db, "setup", address);
  return db.$transaction(
    async (tx) => {
      // Two set-ups at once: the second waits here and then finds the token gone.
      const rows = await tx.$queryRaw<{ hash: string }[]>`SELECT hash FROM setup_token WHERE id = 1 FOR UPDATE`;
      if ((await tx.user.count()) > 0) {
        throw new DomainError("conflict", "Set-up is done already: sign in, or ask your administrator for an account");
      }
      const expected = Buffer.from(rows[0]?.hash ?? "", "base64url");
      const given = digest(input.token);
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
        const message = "This is not the set-up token that the terminal shows";
        throw new DomainError("forbidden", message, { fields: [{ field: "token", message }] });
      }
      const user = await createUser(tx, {
        email: input.email,
        name: input.name,
        password: input.password,
        role: "admin",
      });
      await tx.setupToken.deleteMany();
      return user;
    },
    { timeout: 10_000 },
  );
}
