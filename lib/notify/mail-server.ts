import type { Transporter } from "nodemailer";
import { portalSecret } from "#lib/config/secret.ts";
import type { Connection } from "#lib/db/client.ts";
import { openTransport } from "#lib/notify/mail.ts";
import { readSecret, readSettings } from "#lib/settings/store.ts";

/** A way to the mail server of the settings, to be closed after use. */
export type MailServer = { transport: Transporter; from: string };

/** Opens the mail server of the settings; undefined where none is set. */
export async function openMailServer(db: Connection): Promise<MailServer | undefined> {
  const [{ mail_from: from }, url] = await Promise.all([readSettings(db), readSecret(db, "smtp_url", portalSecret())]);
  return url && from ? { transport: await openTransport(url), from } : undefined;
}
