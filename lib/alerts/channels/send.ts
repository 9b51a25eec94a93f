import { emailOf } from "#lib/access/users.ts";
import { CHANNEL_REQUESTS } from "#lib/alerts/channels/kinds.ts";
import { type AlertMessage, textOf, titleOf } from "#lib/alerts/channels/message.ts";
import type { OpenChannel } from "#lib/alerts/channels/store.ts";
import { whoIsOnCall } from "#lib/alerts/on-call/schedules.ts";
import type { Connection } from "#lib/db/client.ts";
import { escapeMarkup } from "#lib/format/markup.ts";
import { sendEmail } from "#lib/notify/mail.ts";
import type { MailServer } from "#lib/notify/mail-server.ts";
import { sendWebhook } from "#lib/notify/webhook.ts";

/** How notifications are sent: by which mail server, from where, by which database and clock (ms). */
export type Sender = { mail: MailServer | undefined; portal: string; db: Connection; now: () => number };

/** The addresses that a channel of mail goes to. @throws Error where nobody is on call */
async function addressesOf({ kind, settings }: OpenChannel, { db, now }: Sender): Promise<string[]> {
  if (kind === "email") return (settings.to ?? "").split(",").map((address) => address.trim());
  const schedule = settings.schedule ?? "";
  const userId = await whoIsOnCall(db, schedule, now());
  const email = userId && (await emailOf(db, userId));
  if (!email) throw new Error(`Nobody is on call by the schedule ${schedule}`);
  return [email];
}

async function sendMails(channel: OpenChannel, message: AlertMessage, sender: Sender): Promise<void> {
  const { mail } = sender;
  if (!mail) throw new Error("No mail server is set: Settings, General");
  const [subject, text] = [titleOf(message), textOf(message)];
  const html = `<pre style="font-family:ui-sans-serif,sans-serif;white-space:pre-wrap">${escapeMarkup(text)}</pre>`;
  for (const to of await addressesOf(channel, sender)) {
    const messageId = `<${message.key}-${channel.id}-${Buffer.from(to).toString("base64url")}@sightline>`;
    await sendEmail(mail.transport, { subject, html, text, images: [] }, { from: mail.from, to, messageId });
  }
}

/** So much of what a service answers to a notification stands in the log of its channel. */
const SHOWN_BYTES = 200;

/** Sends a notification. @throws Error where it is not reached, refuses, or may not be reached */
export async function sendToChannel(
  channel: OpenChannel,
  message: AlertMessage,
  sender: Sender,
  signal?: AbortSignal,
): Promise<void> {
  if (channel.kind === "email" || channel.kind === "on_call") return sendMails(channel, message, sender);
  const { trust } = channel;
  for (const { url, body, headers } of [CHANNEL_REQUESTS[channel.kind](channel.settings, message)].flat())
    await sendWebhook(url, body, message.key, { trust, headers, signal, shownBytes: SHOWN_BYTES });
}
