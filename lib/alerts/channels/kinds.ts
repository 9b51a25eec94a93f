import { createHmac } from "node:crypto";
import {
  type AlertMessage,
  type ChannelRequest,
  fires,
  gravest,
  textOf,
  titleOf,
} from "#lib/alerts/channels/message.ts";
import type { ChannelKind } from "#lib/contract/enums.ts";

/** What a channel needs, by the names of its fields. */
export type ChannelSettings = Record<string, string>;

/** A message as JSON of ours has it. */
const onWire = ({ lines, ...message }: AlertMessage) => ({
  ...message,
  lines: lines.map(({ startedAt, endedAt, ...line }) => ({ ...line, started_at: startedAt, ended_at: endedAt })),
});

/** How each service is notified: the request that it takes, as its own documentation describes it. Mail goes another way. */
export const CHANNEL_REQUESTS: Record<
  Exclude<ChannelKind, "email">,
  (settings: ChannelSettings, message: AlertMessage) => ChannelRequest | ChannelRequest[]
> = {
  // The signature is of the whole body, as GitHub and Stripe sign theirs.
  webhook({ url = "", secret = "" }, message) {
    const body = {
      version: 1,
      status: fires(message) ? "firing" : "resolved",
      title: titleOf(message),
      ...onWire(message),
    };
    const signature = createHmac("sha256", secret).update(JSON.stringify(body)).digest("hex");
    return { url, body, ...(secret ? { headers: { "x-sightline-signature": `sha256=${signature}` } } : {}) };
  },
  // docs.slack.dev: incoming webhooks
  slack: ({ url = "" }, message) => ({ url, body: { text: `*${titleOf(message)}*\n${textOf(message)}` } }),
  // discord.com/developers: execute webhook; a message holds 2,000 characters
  discord: ({ url = "" }, message) => ({
    url,
    body: { content: `**${titleOf(message)}**\n${textOf(message)}`.slice(0, 2_000), allowed_mentions: { parse: [] } },
  }),
  // learn.microsoft.com: Workflows webhooks take an adaptive card
  teams: ({ url = "" }, message) => ({
    url,
    body: {
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          content: {
            type: "AdaptiveCard",
            version: "1.4",
            body: [
              { type: "TextBlock", weight: "Bolder", wrap: true, text: titleOf(message) },
              { type: "TextBlock", wrap: true, text: textOf(message) },
            ],
          },
        },
      ],
    },
  }),
  // docs.ntfy.sh: publish as JSON, to the server's root
  ntfy({ url = "", token = "" }, message) {
    const { origin, pathname } = new URL(url);
    const priority = fires(message) ? { critical: 5, warning: 4, info: 3 }[gravest(message)] : 2;
    const body = {
      topic: pathname.slice(1),
      title: titleOf(message),
      message: textOf(message),
      priority,
      click: `${message.portal}/alerts`,
    };
    return { url: `${origin}/`, body, ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) };
  },
  // developer.pagerduty.com: Events API v2; an incident for each alert, so that the end of one ends no other
  pagerduty: ({ routing_key = "", url = "" }, { host, portal, lines }) =>
    lines.map(({ id, state, summary, severity, ...details }) => ({
      url: url || "https://events.pagerduty.com/v2/enqueue",
      body: {
        routing_key,
        event_action: state === "firing" ? "trigger" : "resolve",
        dedup_key: `sightline ${host} ${id}`,
        client: "Sightline",
        client_url: `${portal}/alerts`,
        payload: { summary: `${host}: ${summary}`.slice(0, 1_024), source: host, severity, custom_details: details },
      },
    })),
  // gotify.net: POST /message
  gotify: ({ url = "", token = "" }, message) => ({
    url: new URL("message", url.endsWith("/") ? url : `${url}/`).href,
    body: { title: titleOf(message), message: textOf(message), priority: fires(message) ? 8 : 3 },
    headers: { "x-gotify-key": token },
  }),
  // core.telegram.org/bots/api: sendMessage; a text holds 4,096 characters
  telegram: ({ token = "", chat = "", url = "" }, message) => ({
    url: `${url || "https://api.telegram.org"}/bot${token}/sendMessage`,
    body: {
      chat_id: chat,
      text: `${titleOf(message)}\n\n${textOf(message)}`.slice(0, 4_096),
      disable_web_page_preview: true,
    },
  }),
};
