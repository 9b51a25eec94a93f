import { z } from "zod";

/** Every knob that an administrator turns while the portal runs, with its rule. The database holds only what was changed. */
export const settingsSchema = z.object({
  collection_interval: z.number().int().min(1).max(3600),
  retention_period: z.number().int().min(1).max(3_650),
  retention_minutes: z.number().int().min(1).max(3_650),
  retention_hours: z.number().int().min(1).max(36_500),
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

type SettingText = { group: string; title: string; unit: string; default: number; help: string };

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

export const DEFAULT_SETTINGS = Object.fromEntries(SETTING_KEYS.map((key) => [key, SETTINGS[key].default])) as Settings;
