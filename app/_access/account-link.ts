import { createLink } from "#lib/access/account-links.ts";
import type { UserInfo } from "#lib/access/users.ts";
import { baseUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import type { Database } from "#lib/db/client.ts";
import { queueNotice } from "#lib/notify/notices.ts";

const LINES = {
  invited: (by: string, url: string) => [
    `${by} has made an account for you on Sightline. Open this link within a week to choose your password:`,
    url,
  ],
  reset: (by: string, url: string) => [
    `${by} lets you choose a new password for Sightline. Open this link within a day; you are signed out everywhere until then:`,
    url,
  ],
};

/** Makes the link by which somebody chooses a password, and mails it to them where there is a mail server. */
export async function sendLink(
  db: Database,
  { id, email }: Pick<UserInfo, "id" | "email">,
  why: "invited" | "reset",
  by: string,
): Promise<{ url: string; expiresAt: Date; mailed: boolean }> {
  const { token, expiresAt } = await createLink(db, id, why);
  const environment = readEnvironment();
  // Behind the #, so that it is sent to no server and stands in no log.
  const url = `${environment.publicUrl ?? baseUrl(environment)}/join#${token}`;
  const subject = why === "invited" ? "Your account on Sightline" : "Choose a new password for Sightline";
  const mailed = await queueNotice(db, `${why} ${token.slice(0, 8)}`, {
    to: email,
    subject,
    lines: LINES[why](by, url),
  });
  return { url, expiresAt, mailed };
}
