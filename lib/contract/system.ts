import { endpoint } from "#lib/contract/endpoint.ts";
import { QUEUE_NAMES, RESOLUTION_NAMES, TASK_NAMES } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { settingsPatchSchema, settingsSchema } from "#lib/contract/settings.ts";
import { instant, roleSchema, spanQuery } from "#lib/contract/shared.ts";
import { setupSchema } from "#lib/contract/users.ts";

const MAIL_URL =
  "Write smtp://user:password@host:587, or smtps:// for TLS from the start; %40 for an @ in the password";

/** A host and nothing behind it, and an account that can be decoded. */
function isMailUrl(text: string): boolean {
  try {
    const { hostname, username, password, pathname } = new URL(text);
    decodeURIComponent(username + password);
    return hostname !== "" && ["", "/"].includes(pathname);
  } catch {
    return false;
  }
}

export const settings = {
  saveWordingKey: endpoint({
    method: "put",
    path: "/insights/wording-key",
    tag: "Insights",
    summary: "Stores the API key of the language model, encrypted; it is never shown again. An empty key removes it",
    permission: "settings:write",
    secret: ["key"],
    body: z.object({ key: z.string().max(500) }),
  }),
  saveMailServer: endpoint({
    method: "put",
    path: "/settings/mail-server",
    tag: "Settings",
    summary:
      "Stores the mail server's URL, encrypted, after it has answered; it is never shown again. An empty URL removes it",
    permission: "settings:write",
    secret: ["url"],
    body: z.object({
      url: z.union([
        z.literal(""),
        z
          .string()
          .regex(/^smtps?:\/\/[^\s?#]+$/, MAIL_URL)
          .refine(isMailUrl, MAIL_URL)
          .max(500),
      ]),
    }),
  }),
  read: endpoint({
    method: "get",
    path: "/settings",
    tag: "Settings",
    summary: "All settings",
    permission: "settings:read",
    response: settingsSchema,
  }),
  changes: endpoint({
    method: "get",
    path: "/settings/changes",
    tag: "Settings",
    summary:
      "Settings that were changed in a range, each by its last change, the newest first; the audit trail has all",
    permission: "settings:read",
    query: z.object(spanQuery("now-1h")),
    response: z.array(z.object({ setting: z.string(), at: instant })),
  }),
  update: endpoint({
    method: "patch",
    path: "/settings",
    tag: "Settings",
    summary: "Changes some settings; takes effect at once",
    permission: "settings:write",
    body: settingsPatchSchema,
    response: settingsSchema,
  }),
};

const healthSchema = z.object({
  status: z.enum(["ok", "unavailable"]),
  version: z.string(),
  lastSampleAt: instant.nullable(),
  reason: z.string().optional(),
  warnings: z.array(z.string()).optional(),
});

const failureSchema = z.object({
  task: z.enum([...TASK_NAMES, ...QUEUE_NAMES]),
  subject: z.string(),
  reason: z.string(),
  attempts: z.number(),
  since: instant,
  nextAt: instant.nullable(),
});

export const system = {
  health: endpoint({
    method: "get",
    path: "/health",
    tag: "System",
    summary:
      "Health: 503 with a reason if the database does not answer or no sample was stored for three intervals. Warnings tell of a full disk, and of samples that wait",
    permission: "public",
    response: healthSchema,
  }),
  status: endpoint({
    method: "get",
    path: "/status",
    tag: "System",
    summary:
      "Health, and what fails in the background now: parts of tasks, and jobs that wait after a failure or were given up, the newest first",
    permission: "settings:read",
    response: z.object({ health: healthSchema, failures: z.array(failureSchema) }),
  }),
  firstSteps: endpoint({
    method: "get",
    path: "/first-steps",
    tag: "System",
    summary: "What is worth doing once the portal is set up, and whether it is done",
    permission: "settings:write",
    response: z.object({
      host: z.boolean().describe("A second host is watched"),
      channel: z.boolean().describe("A notification channel is on"),
      mail: z.boolean().describe("Mails can be sent"),
      account: z.boolean().describe("There is a second account"),
    }),
  }),
  searchHelp: endpoint({
    method: "get",
    path: "/help/search",
    tag: "System",
    summary: "The sections of the guides that have all words of a text, the best first",
    permission: "help:read",
    query: z.object({ search: z.string().max(200).default("") }),
    response: z.array(
      z.object({
        guide: z.string(),
        guideTitle: z.string(),
        heading: z.string(),
        href: z.string().describe("The section's page in the portal"),
        excerpt: z.string(),
      }),
    ),
  }),
  openapi: endpoint({
    method: "get",
    path: "/openapi.json",
    tag: "System",
    summary: "This description",
    permission: "public",
    response: z.looseObject({ openapi: z.string() }),
  }),
  setup: endpoint({
    method: "post",
    path: "/setup",
    tag: "System",
    summary: "Creates the first administrator; needs the token that the terminal shows",
    permission: "public",
    audit: "own",
    body: setupSchema,
    response: z.object({ id: z.string(), email: z.string(), name: z.string(), role: roleSchema }),
    status: 201,
  }),
};

export const storage = {
  read: endpoint({
    method: "get",
    path: "/storage",
    tag: "Settings",
    summary: "Stored data: sizes, growth, and what the next retention run will remove",
    permission: "settings:read",
    response: z.object({
      resolutions: z.array(
        z.object({
          resolution: z.enum(["frames", ...RESOLUTION_NAMES]),
          rows: z.number(),
          bytes: z.number(),
          from: instant.nullable(),
        }),
      ),
      databaseBytes: z.number(),
      growthBytesPerDay: z.number().nullable(),
      bytesPerSample: z.number().nullable(),
      retention: z.array(
        z.object({ resolution: z.enum(RESOLUTION_NAMES), before: z.number(), chunks: z.number(), bytes: z.number() }),
      ),
    }),
  }),
};
