import * as z from "#lib/contract/schema.ts";
import "#lib/contract/messages.ts";
import { SETTING_KEYS, SETTINGS, type SettingKey } from "#lib/contract/setting-texts.ts";

/** Every setting that an administrator changes while the portal runs, with its rule. The database holds only what was changed. */
export const settingsSchema = z.object({
  collection_interval: z.number().int().min(1).max(3600),
  collect_command_lines: z.boolean(),
  retention_raw_days: z.number().int().min(1).max(3_650),
  retention_minute_days: z.number().int().min(1).max(3_650),
  retention_hour_days: z.number().int().min(1).max(36_500),
  retention_process_days: z.number().int().min(1).max(3_650),
  dashboard_refresh: z.number().int().min(1).max(3600),
  detection: z.boolean(),
  detection_sensitivity: z.number().min(0).max(10),
  detection_seasons: z.boolean(),
  retention_anomaly_days: z.number().int().min(1).max(3_650),
  wording: z.boolean(),
  wording_url: z.union([z.literal(""), z.url({ protocol: /^https?$/, error: "Write an http:// or https:// address" })]),
  wording_model: z.string().max(200),
  wording_redact: z.boolean(),
  mail_from: z
    .string()
    .max(200)
    .regex(/^$|^[^<>\r\n@,;]*<[^<>\s@,;]+@[^<>\s@,;]+>$|^[^<>\s@,;]+@[^<>\s@,;]+$/, {
      error: "Enter an address, such as alerts@example.org or Sightline <alerts@example.org>",
    }),
  ingest_max_kib: z.number().int().min(64).max(65_536),
  ingest_per_minute: z.number().int().min(60).max(1_000_000),
  rate_limit_per_minute: z.number().int().min(60).max(1_000_000),
  rate_limit_address_per_minute: z.number().int().min(60).max(1_000_000),
  session_max_age_minutes: z.number().int().min(5).max(43_200),
  session_rotation_minutes: z.number().int().min(1).max(1440),
  session_max_days: z.number().int().min(1).max(365),
} satisfies Record<SettingKey, z.ZodType>);

/** Names of before, which the API still takes in a change. */
const SETTING_ALIASES: Record<string, SettingKey> = {
  retention_period: "retention_raw_days",
  retention_minutes: "retention_minute_days",
  retention_hours: "retention_hour_days",
  retention_anomalies: "retention_anomaly_days",
  session_max_age: "session_max_age_minutes",
  session_rotation: "session_rotation_minutes",
};

export type Settings = z.infer<typeof settingsSchema>;

/** A change with the names of today; a setting that is named by both its names is left twice, so that it is refused. */
function resolveAliases(patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const entries = Object.entries(patch);
  const named = new Set(entries.map(([name]) => name));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const today = Object.hasOwn(SETTING_ALIASES, name) ? SETTING_ALIASES[name] : undefined;
      return [today && !named.has(today) ? today : name, value];
    }),
  );
}

/** A change of some settings; unknown names and values out of range are refused. */
export const settingsPatchSchema = z.preprocess(
  resolveAliases,
  settingsSchema
    .partial()
    .strict()
    .refine((patch) => Object.keys(patch).length > 0, { error: "Name at least one setting to change" }),
);

export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const DEFAULT_SETTINGS = Object.fromEntries(
  SETTING_KEYS.map((key) => [key, SETTINGS[key].default]),
) as unknown as Settings;
