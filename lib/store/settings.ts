import {
  DEFAULT_SETTINGS,
  type SettingKey,
  type Settings,
  type SettingsPatch,
  settingsSchema,
} from "#lib/config/settings.ts";
import type { Database } from "#lib/db/client.ts";

export const SETTING_CHANNEL = "sightline_setting";

/** All settings: what was changed over the defaults. A stored value that the rules no longer allow counts as unset. */
export async function readSettings(db: Database): Promise<Settings> {
  const rows = await db.setting.findMany();
  const settings = { ...DEFAULT_SETTINGS };
  for (const { key, value } of rows) {
    const parsed = settingsSchema.shape[key as SettingKey]?.safeParse(value);
    if (parsed?.success) Object.assign(settings, { [key]: parsed.data });
  }
  return settings;
}

/** Stores a checked change, tells the listeners at commit, and answers all settings as they are then. */
export async function writeSettings(db: Database, patch: SettingsPatch, userId: string): Promise<Settings> {
  const changes = Object.entries(patch).filter((entry): entry is [string, number | boolean] => entry[1] !== undefined);
  await db.$transaction([
    ...changes.map(([key, value]) =>
      db.setting.upsert({
        where: { key },
        create: { key, value, updatedBy: userId },
        update: { value, updatedBy: userId },
      }),
    ),
    db.$executeRaw`SELECT pg_notify(${SETTING_CHANNEL}, '')`,
  ]);
  return readSettings(db);
}
