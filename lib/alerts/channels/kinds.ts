import { createHmac } from "node:crypto";
import {
  type AlertMessage,
  alertUrl,
  type ChannelRequest,
  fires,
  gravest,
  textOf,
  titleOf,
} from "#lib/alerts/channels/message.ts";
import type { ChannelKind } from "#lib/contract/enums.ts";

const PRIORITIES = { critical: "P1", warning: "P3", info: "P5" };

/** What a channel needs, by the names of its fields. */
export type ChannelSettings = Record<string, string>;

/** A message as JSON of ours has it. */
const onWire = ({ lines, ...message }: AlertMessage) => ({
  ...message,
  lines: lines.map(({ hostId, startedAt, endedAt, ...line }) => ({
    ...line,
    host_id: hostId,
    started_at: startedAt,
    ended_at: endedAt,
  })),
});

/** How each service is notified: the request that it takes, as its own documentation describes it. Mail goes another way. */
export const CHANNEL_REQUESTS: Record<
  Exclude<ChannelKind, "email" | "on_call" | "push">,
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
      click: message.lines[0] ? alertUrl(message.portal, message.lines[0]) : `${message.portal}/alerts`,
    };
    return { url: `${origin}/`, body, ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) };
  },
  // developer.pagerduty.com: Events API v2; an incident for each alert, so that the end of one ends no other
  pagerduty: ({ routing_key = "", url = "" }, { host, portal, lines }) =>
    lines.map(({ id, hostId, state, summary, severity, ...details }) => ({
      url: url || "https://events.pagerduty.com/v2/enqueue",
      body: {
        routing_key,
        event_action: state === "firing" ? "trigger" : "resolve",
        dedup_key: `sightline ${host} ${id}`,
        client: "Sightline",
        client_url: alertUrl(portal, { id, hostId }),
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
      ...telegramButtons(message),
    },
  }),
  // docs.opsgenie.com: Alert API; an alert is known by its alias
  opsgenie: ({ token = "", url = "" }, { portal, lines }) =>
    lines.map((line) => {
      const alias = `sightline ${line.hostId} ${line.id}`;
      const alerts = `${(url || "https://api.opsgenie.com").replace(/\/$/, "")}/v2/alerts`;
      const headers = { authorization: `GenieKey ${token}` };
      if (line.state === "resolved")
        return {
          ...{ url: `${alerts}/${encodeURIComponent(alias)}/close?identifierType=alias`, headers },
          body: { source: "Sightline", note: "It is over" },
        };
      const description = [line.rule, line.note, line.runbook, alertUrl(portal, line)].filter(Boolean).join("\n");
      const body = {
        ...{ message: `${line.host}: ${line.summary}`.slice(0, 130), alias, description, source: "Sightline" },
        ...{ entity: line.host, priority: PRIORITIES[line.severity], details: line.labels },
      };
      return { url: alerts, body, headers };
    }),
  template({ url = "", template = "", authorization = "" }, message) {
    const [first] = message.lines;
    const words: Record<string, string> = {
      ...{ title: titleOf(message), text: textOf(message), status: fires(message) ? "firing" : "resolved" },
      ...{ severity: gravest(message), host: message.host },
      url: first ? alertUrl(message.portal, first) : `${message.portal}/alerts`,
    };
    return {
      ...{ url, body: fillTemplate(template, words) },
      ...(authorization ? { headers: { authorization } } : {}),
    };
  },
};

/** Buttons of the first alert that fires: what is pressed is fetched by the portal. */
function telegramButtons({ lines }: AlertMessage): object {
  const first = lines.find(({ state, id }) => state === "firing" && id > 0);
  if (!first) return {};
  const button = (text: string, act: string) => ({ text, callback_data: `${act} ${first.hostId} ${first.id}` });
  const row = [button("Acknowledge", "ack"), button("Silence for 2 h", "silence")];
  return { reply_markup: { inline_keyboard: [row] } };
}

/** The names that a template may have in braces. */
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** A template's JSON with what stands in its braces. Filled in as values, whatever they hold, so that it stays JSON. @throws SyntaxError */
export function fillTemplate(template: string, words: Record<string, string>): object {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") return value.replace(PLACEHOLDER, (whole, name: string) => words[name] ?? whole);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fill(part)]));
  };
  const parsed: unknown = JSON.parse(template);
  if (typeof parsed !== "object" || parsed === null) throw new SyntaxError("it is neither an object nor a list");
  return fill(parsed) as object;
}
