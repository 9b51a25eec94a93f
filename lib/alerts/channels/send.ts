import { CHANNEL_REQUESTS } from "#lib/alerts/channels/kinds.ts";
import { type AlertMessage, type ChannelRequest, textOf, titleOf } from "#lib/alerts/channels/message.ts";
import type { OpenChannel } from "#lib/alerts/channels/store.ts";
import { sendEmail } from "#lib/notify/mail.ts";
import type { MailServer } from "#lib/notify/mail-server.ts";
import { postJson } from "#lib/notify/outgoing.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const LIMIT_MS = 10 * SECOND_MS;

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

async function sendMails(
  { settings, id }: OpenChannel,
  message: AlertMessage,
  mail: MailServer | undefined,
): Promise<void> {
  if (!mail) throw new Error("No mail server is set: Settings, General");
  const [subject, text] = [titleOf(message), textOf(message)];
  const html = `<pre style="font-family:ui-sans-serif,sans-serif;white-space:pre-wrap">${escaped(text)}</pre>`;
  for (const to of (settings.to ?? "").split(",").map((address) => address.trim())) {
    const messageId = `<${message.key}-${id}-${Buffer.from(to).toString("base64url")}@sightline>`;
    await sendEmail(mail.transport, { subject, html, text, images: [] }, { from: mail.from, to, messageId });
  }
}

async function post({ url, body, headers }: ChannelRequest, { trust }: OpenChannel, key: string, signal?: AbortSignal) {
  const { status, text } = await postJson(url, body, {
    ...{ trust, limitMs: LIMIT_MS, maxBytes: 500 },
    headers: { "idempotency-key": key, ...headers },
    ...(signal ? { signal } : {}),
  });
  const { host } = new URL(url);
  if (status >= 300 && status < 400) throw new Error(`${host} answered ${status}: redirects are not followed`);
  if (status < 200 || status > 299)
    throw new Error(`${host} answered ${status}${text ? `: ${text.slice(0, 200)}` : ""}`);
}

/** Tells a channel. @throws Error where it is not reached, refuses, or may not be reached */
export async function sendToChannel(
  channel: OpenChannel,
  message: AlertMessage,
  { mail, signal }: { mail: MailServer | undefined; signal?: AbortSignal },
): Promise<void> {
  if (channel.kind === "email") return sendMails(channel, message, mail);
  for (const request of [CHANNEL_REQUESTS[channel.kind](channel.settings, message)].flat())
    await post(request, channel, message.key, signal);
}
