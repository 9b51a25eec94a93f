import type { ChannelKind } from "#lib/contract/enums.ts";

/** A field of a channel's settings. */
export type ChannelField = {
  title: string;
  kind: "url" | "text" | "email" | "json";
  secret?: true;
  optional?: true;
  hint?: string;
};

const url = (hint: string): ChannelField => ({ title: "URL", kind: "url", secret: true, hint });
const server: ChannelField = {
  title: "Server (optional)",
  kind: "url",
  optional: true,
  hint: "Default: the service's own",
};
const token: ChannelField = { title: "Token", kind: "text", secret: true };

/** What each kind of channel needs. What is secret is sealed and never shown again. */
export const CHANNEL_FIELDS: Record<ChannelKind, Record<string, ChannelField>> = {
  email: { to: { title: "Recipients", kind: "email", hint: "Separated by commas" } },
  webhook: {
    url: url("Receives a JSON object by POST"),
    secret: {
      ...{ title: "Secret (optional)", kind: "text", secret: true, optional: true },
      hint: "Signs each body: X-Sightline-Signature, HMAC-SHA256",
    },
  },
  slack: { url: url("An incoming webhook of Slack, or of Mattermost") },
  discord: { url: url("A webhook of a Discord channel") },
  teams: { url: url("A webhook of a Teams workflow") },
  ntfy: {
    url: { title: "Topic URL", kind: "url", secret: true, hint: "https://ntfy.sh/TOPIC, or of your own server" },
    token: { ...token, title: "Token (optional)", optional: true },
  },
  pagerduty: { routing_key: { title: "Integration key", kind: "text", secret: true }, url: server },
  gotify: { url: { title: "Server", kind: "url" }, token },
  telegram: { token: { ...token, title: "Bot token" }, chat: { title: "Chat ID", kind: "text" }, url: server },
  opsgenie: {
    token: { ...token, title: "API key" },
    url: { ...server, hint: "https://api.eu.opsgenie.com for Europe" },
  },
  template: {
    url: url("Receives a JSON object of your own by POST"),
    template: {
      ...{ title: "Template", kind: "json" },
      hint: 'JSON with {{title}}, {{text}}, {{status}}, {{severity}}, {{host}}, {{url}}: {"message": "{{title}}"}',
    },
    authorization: { ...token, title: "Authorization header (optional)", optional: true },
  },
  push: {
    schedule: {
      ...{ title: "On-call schedule (optional)", kind: "text", optional: true },
      hint: "Default: every browser that takes notifications; else those of whoever is on call",
    },
  },
  on_call: { schedule: { title: "On-call schedule", kind: "text", hint: "Whoever is on call by it gets an email" } },
};
