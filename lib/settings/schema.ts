import { z } from "zod";

/** Every knob that an administrator turns while the portal runs, with its rule. The database holds only what was changed. */
export const settingsSchema = z.object({
  collection_interval: z.number().int().min(1).max(3600),
  retention_period: z.number().int().min(1).max(3_650),
  retention_minutes: z.number().int().min(1).max(3_650),
  retention_hours: z.number().int().min(1).max(36_500),
  detection: z.boolean(),
  detection_sensitivity: z.number().min(0).max(10),
  detection_seasons: z.boolean(),
  cpu_usage: z.number().min(1).max(100),
  memory_usage: z.number().min(1).max(100),
  disk_usage: z.number().min(1).max(100),
  response_time: z.number().min(1).max(600_000),
  retention_anomalies: z.number().int().min(1).max(3_650),
  wording: z.boolean(),
  wording_url: z.union([z.literal(""), z.url({ protocol: /^https?$/, error: "Write an http:// or https:// address" })]),
  wording_model: z.string().max(200),
  wording_redact: z.boolean(),
  mail_from: z.string().max(200),
  session_max_age: z.number().int().min(5).max(43_200),
  session_rotation: z.number().int().min(1).max(1440),
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingKey = keyof Settings;

/** A change of some settings; unknown names and values out of range are refused. */
export const settingsPatchSchema = settingsSchema
  .partial()
  .strict()
  .refine((patch) => Object.keys(patch).length > 0, { error: "Name at least one setting to change" });

export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

type SettingText = { group: string; title: string; unit: string; default: number | boolean | string; help: string };

/** What each setting is, for the page that shows it. */
export const SETTINGS: Record<SettingKey, SettingText> = {
  collection_interval: {
    group: "Collection",
    title: "Collection interval",
    unit: "s",
    default: 5,
    help: "Time between two samples of a host, 1 to 3600 s. Shorter shows more and costs more.",
  },
  retention_period: {
    group: "Retention",
    title: "Samples as they came",
    unit: "days",
    default: 90,
    help: "How long every single sample is kept. Averages by minute and hour last longer.",
  },
  retention_minutes: {
    group: "Retention",
    title: "By the minute",
    unit: "days",
    default: 365,
    help: "How long mean, minimum, maximum and last of each minute are kept.",
  },
  retention_hours: {
    group: "Retention",
    title: "By the hour",
    unit: "days",
    default: 1_826,
    help: "How long mean, minimum, maximum and last of each hour are kept.",
  },
  retention_anomalies: {
    group: "Retention",
    title: "Anomalies",
    unit: "days",
    default: 365,
    help: "How long anomalies and incidents are kept after their end.",
  },
  detection: {
    group: "Detection",
    title: "Look for anomalies",
    unit: "",
    default: true,
    help: "Learn what is usual for each series and tell what is not. Off: limits are not watched either.",
  },
  detection_sensitivity: {
    group: "Detection",
    title: "Sensitivity",
    unit: "0–10",
    default: 5,
    help: "How little evidence raises an anomaly. The preview below shows what the past 30 days would have raised.",
  },
  detection_seasons: {
    group: "Detection",
    title: "Seasons",
    unit: "",
    default: true,
    help: "Judge a sample also by what is usual for its time of day and hour of the week.",
  },
  cpu_usage: {
    group: "Limits",
    title: "CPU usage",
    unit: "%",
    default: 80,
    help: "Raised when three minutes in a row reach it, whatever is usual.",
  },
  memory_usage: {
    group: "Limits",
    title: "Memory usage",
    unit: "%",
    default: 85,
    help: "Raised when three minutes in a row reach it.",
  },
  disk_usage: {
    group: "Limits",
    title: "Disk usage",
    unit: "%",
    default: 90,
    help: "Raised when a file system stays this full for three minutes.",
  },
  response_time: {
    group: "Limits",
    title: "Response time",
    unit: "ms",
    default: 2_000,
    help: "Raised when the database takes this long to answer an empty query for three minutes.",
  },
  wording: {
    group: "Wording by a language model",
    title: "Let a language model word insights",
    unit: "",
    default: false,
    help: "Off: all words are made by rules. On: each text is checked, and refused when it holds a figure that the evidence does not.",
  },
  wording_url: {
    group: "Wording by a language model",
    title: "Address",
    unit: "",
    default: "",
    help: "An OpenAI-compatible endpoint, for example http://127.0.0.1:11434/v1. What is worded is sent there.",
  },
  wording_model: {
    group: "Wording by a language model",
    title: "Model",
    unit: "",
    default: "",
    help: "Its name there.",
  },
  wording_redact: {
    group: "Wording by a language model",
    title: "Send neither names nor figures",
    unit: "",
    default: true,
    help: "Marks are sent in their place, and the figures are put in here: no host, disk, table or value leaves the portal.",
  },
  mail_from: {
    group: "Mail",
    title: "Sender",
    unit: "",
    default: "",
    help: "What mails are from, for example Sightline <sightline@example.org>. Empty: no mail is sent.",
  },
  session_max_age: {
    group: "Sign-in",
    title: "Session age",
    unit: "min",
    default: 720,
    help: "A session that is not used for this long ends and asks for the password again.",
  },
  session_rotation: {
    group: "Sign-in",
    title: "Session rotation",
    unit: "min",
    default: 15,
    help: "How often an open page gets a fresh session cookie.",
  },
};

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

export const DEFAULT_SETTINGS = Object.fromEntries(
  SETTING_KEYS.map((key) => [key, SETTINGS[key].default]),
) as unknown as Settings;
