import { createHmac, timingSafeEqual } from "node:crypto";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

const sign = (text: string, secret: string) =>
  createHmac("sha256", secret).update(`opt out ${text}`).digest("base64url");

/** What lets whoever holds a mail, and nobody else, stop further ones. */
export function optOutToken(scheduleId: number, email: string, secret: string): string {
  const text = Buffer.from(JSON.stringify([scheduleId, email])).toString("base64url");
  return `${text}.${sign(text, secret)}`;
}

/** Stops a schedule's mails to the address that a token is of. @throws DomainError validation for a forged one */
export async function optOut(db: Connection, token: string, secret: string): Promise<void> {
  const [text = "", signature = ""] = token.split(".");
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(text, secret))];
  if (given.length !== right.length || !timingSafeEqual(given, right))
    throw new DomainError("validation", "This link is not whole: copy all of it out of the mail", {
      fields: [{ field: "token", message: "The token is not one of ours" }],
    });
  const [scheduleId, email] = JSON.parse(Buffer.from(text, "base64url").toString()) as [number, string];
  // A schedule that is gone sends nothing more anyhow.
  if (!(await db.reportSchedule.findUnique({ where: { id: scheduleId }, select: { id: true } }))) return;
  await db.mailOptOut.createMany({ data: [{ scheduleId, email }], skipDuplicates: true });
}
