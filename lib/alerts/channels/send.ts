import { emailOf } from "#lib/access/users.ts";
import { CHANNEL_REQUESTS } from "#lib/alerts/channels/kinds.ts";
import {
  type AlertMessage,
  alertUrl,
  type EmailDetails,
  type EmailInput,
  textOf,
  titleOf,
} from "#lib/alerts/channels/message.ts";
import { pushNote } from "#lib/alerts/channels/push.ts";
import type { OpenChannel } from "#lib/alerts/channels/store.ts";
import { whoIsOnCall } from "#lib/alerts/on-call/schedules.ts";
import type { Connection } from "#lib/db/client.ts";
import { escapeMarkup } from "#lib/format/markup.ts";
import { type Email, sendEmail } from "#lib/notify/mail.ts";
import type { MailServer } from "#lib/notify/mail-server.ts";
import { sendWebhook } from "#lib/notify/webhook.ts";

/** How notifications are sent: by which mail server, from where, by which database and clock (ms), and how mails are drawn. */
export type Sender = {
  mail: MailServer | undefined;
  portal: string;
  db: Connection;
  now: () => number;
  render?: (input: EmailInput) => Promise<Email>;
};

/** What makes an email of a message: its details, and the links for a recipient. */
export type EmailParts = { details: EmailDetails; linksFor: (email: string) => EmailInput["links"] };

/** The addresses that a channel of mail goes to. @throws Error where nobody is on call */
async function addressesOf({ kind, settings }: OpenChannel, { db, now }: Sender): Promise<string[]> {
  if (kind === "email") return (settings.to ?? "").split(",").map((address) => address.trim());
  const schedule = settings.schedule ?? "";
  const userId = await whoIsOnCall(db, schedule, now());
  const email = userId && (await emailOf(db, userId));
  if (!email) throw new Error(`Nobody is on call by the schedule ${schedule}`);
  return [email];
}

const NO_PARTS: EmailParts = { details: { causes: [], chart: null }, linksFor: () => null };

function plainEmail({ message }: EmailInput): Email {
  const [subject, text] = [titleOf(message), textOf(message)];
  const html = `<pre style="font-family:ui-sans-serif,sans-serif;white-space:pre-wrap">${escapeMarkup(text)}</pre>`;
  return { subject, html, text, images: [] };
}

async function sendMails(
  channel: OpenChannel,
  message: AlertMessage,
  sender: Sender,
  parts: EmailParts,
): Promise<void> {
  const { mail, render = plainEmail } = sender;
  if (!mail) throw new Error("No mail server is set: Settings, General");
  for (const to of await addressesOf(channel, sender)) {
    const messageId = `<${message.key}-${channel.id}-${Buffer.from(to).toString("base64url")}@sightline>`;
    const email = await render({ message, details: parts.details, links: parts.linksFor(to) });
    await sendEmail(mail.transport, email, { from: mail.from, to, messageId });
  }
}

async function sendPush(
  { settings }: OpenChannel,
  message: AlertMessage,
  { db, now, portal }: Sender,
  signal: AbortSignal | undefined,
): Promise<void> {
  const schedule = settings.schedule ?? "";
  const userId = schedule === "" ? undefined : await whoIsOnCall(db, schedule, now());
  if (schedule !== "" && userId === undefined) throw new Error(`Nobody is on call by the schedule ${schedule}`);
  const [first] = message.lines;
  const url = first ? alertUrl(portal, first) : `${portal}/alerts`;
  await pushNote(db, { title: titleOf(message), body: bodyOf(message), url, tag: message.key }, userId, signal);
}

const BODY_LINES = 3;
const bodyOf = ({ lines }: AlertMessage): string =>
  lines
    .slice(0, BODY_LINES)
    .map(({ summary, rule }) => `${rule}: ${summary}`)
    .join("\n");

/** Whether a channel sends emails. */
export const isByEmail = ({ kind }: Pick<OpenChannel, "kind">): boolean => kind === "email" || kind === "on_call";

/** So much of what a service answers to a notification stands in the log of its channel. */
const SHOWN_BYTES = 200;

/** Sends a notification. @throws Error where it is not reached, refuses, or may not be reached */
export async function sendToChannel(
  channel: OpenChannel,
  message: AlertMessage,
  sender: Sender,
  { signal, parts = NO_PARTS }: { signal?: AbortSignal; parts?: EmailParts } = {},
): Promise<void> {
  if (channel.kind === "email" || channel.kind === "on_call") return sendMails(channel, message, sender, parts);
  if (channel.kind === "push") return sendPush(channel, message, sender, signal);
  const { trust } = channel;
  for (const { url, body, headers } of [CHANNEL_REQUESTS[channel.kind](channel.settings, message)].flat())
    await sendWebhook(url, body, message.key, { trust, headers, signal, shownBytes: SHOWN_BYTES });
}
