import { CHANNEL_REQUESTS } from "#lib/alerts/channels/kinds.ts";
import { type AlertMessage, textOf, titleOf } from "#lib/alerts/channels/message.ts";
import type { OpenChannel } from "#lib/alerts/channels/store.ts";
import { escapeMarkup } from "#lib/format/markup.ts";
import { sendEmail } from "#lib/notify/mail.ts";
import type { MailServer } from "#lib/notify/mail-server.ts";
import { sendWebhook } from "#lib/notify/webhook.ts";

async function sendMails(
  { settings, id }: OpenChannel,
  message: AlertMessage,
  mail: MailServer | undefined,
): Promise<void> {
  if (!mail) throw new Error("No mail server is set: Settings, General");
  const [subject, text] = [titleOf(message), textOf(message)];
  const html = `<pre style="font-family:ui-sans-serif,sans-serif;white-space:pre-wrap">${escapeMarkup(text)}</pre>`;
  for (const to of (settings.to ?? "").split(",").map((address) => address.trim())) {
    const messageId = `<${message.key}-${id}-${Buffer.from(to).toString("base64url")}@sightline>`;
    await sendEmail(mail.transport, { subject, html, text, images: [] }, { from: mail.from, to, messageId });
  }
}

/** So much of what a service answers to a notification stands in the log of its channel. */
const SHOWN_BYTES = 200;

/** Sends a notification. @throws Error where it is not reached, refuses, or may not be reached */
export async function sendToChannel(
  channel: OpenChannel,
  message: AlertMessage,
  { mail, signal }: { mail: MailServer | undefined; signal?: AbortSignal },
): Promise<void> {
  if (channel.kind === "email") return sendMails(channel, message, mail);
  const { trust } = channel;
  for (const { url, body, headers } of [CHANNEL_REQUESTS[channel.kind](channel.settings, message)].flat())
    await sendWebhook(url, body, message.key, { trust, headers, signal, shownBytes: SHOWN_BYTES });
}
