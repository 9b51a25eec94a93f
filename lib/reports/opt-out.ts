import { readSigned, signValue } from "#lib/crypto/signed.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

const PURPOSE = "opt out";

/** What lets whoever holds a mail, and nobody else, stop further ones. */
export const optOutToken = (scheduleId: number, email: string, secret: string): string =>
  signValue(PURPOSE, [scheduleId, email], secret);

/** Stops a schedule's mails to the address that a token is of. @throws DomainError validation for a forged one */
export async function optOut(db: Connection, token: string, secret: string): Promise<void> {
  const value = readSigned<[number, string]>(PURPOSE, token, secret);
  if (!value)
    throw new DomainError("validation", "This link is incomplete: copy all of it from the email", {
      fields: [{ field: "token", message: "The token is not valid" }],
    });
  const [scheduleId, email] = value;
  // A schedule that is gone sends nothing more anyhow.
  if (!(await db.reportSchedule.findUnique({ where: { id: scheduleId }, select: { id: true } }))) return;
  await db.mailOptOut.createMany({ data: [{ scheduleId, email }], skipDuplicates: true });
}
