import type { SettingKey } from "#lib/contract/setting-texts.ts";
import { DEFAULT_SETTINGS, type Settings, type SettingsPatch, settingsSchema } from "#lib/contract/settings.ts";
import { openText, sealText } from "#lib/crypto/sealed.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { readHeld } from "#lib/db/held.ts";
import type { Reader } from "#lib/db/reading.ts";

/** Kept beside the settings, sealed, and never read out again. */
const SECRET_KEYS = { wording_key: "secret.wording_key", smtp_url: "secret.smtp_url" } as const;
type SecretKey = keyof typeof SECRET_KEYS;

export const SETTING_CHANNEL = "sightline_setting";

/** All settings: what was changed over the defaults. A stored value that the rules no longer allow counts as unset. */
export async function readSettings(db: Reader): Promise<Settings> {
  const read = () => db.$queryRaw<{ key: string; value: unknown }[]>`SELECT key, value FROM setting`;
  const rows = await readHeld(db, "setting", "all", read);
  const settings = { ...DEFAULT_SETTINGS };
  for (const { key, value } of rows) {
    const parsed = settingsSchema.shape[key as SettingKey]?.safeParse(value);
    if (parsed?.success) Object.assign(settings, { [key]: parsed.data });
  }
  return settings;
}

/** What was changed in [from, to), ms, each by its last change, the newest first. Of a secret only that it was. */
export async function listSettingChanges(
  db: Connection,
  { from, to }: { from: number; to: number },
): Promise<{ setting: string; at: Date }[]> {
  const rows = await db.setting.findMany({
    where: { updatedAt: { gte: new Date(from), lt: new Date(to) } },
    select: { key: true, updatedAt: true },
    orderBy: { updatedAt: "desc" },
  });
  return rows.map(({ key, updatedAt }) => ({ setting: key.replace(/^secret\./, ""), at: updatedAt }));
}

/** Stores a checked change, tells the listeners at commit, and answers all settings as they are then. */
export async function writeSettings(db: Database, patch: SettingsPatch, userId: string): Promise<Settings> {
  const changes = Object.entries(patch).filter(
    (entry): entry is [string, number | boolean | string] => entry[1] !== undefined,
  );
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

/** Stores a secret setting, sealed; an empty one takes it away. */
export async function writeSecret(db: Database, name: SecretKey, text: string, secret: string, userId: string) {
  const key = SECRET_KEYS[name];
  if (text === "") return void (await db.setting.deleteMany({ where: { key } }));
  const data = { value: sealText(text, secret), updatedBy: userId };
  await db.setting.upsert({ where: { key }, create: { key, ...data }, update: data });
}

/** Whether mails can be sent: a server and a sender are set. Whether the server answers is another question. */
export async function isMailSet(db: Connection): Promise<boolean> {
  const keys = [SECRET_KEYS.smtp_url, "mail_from" satisfies SettingKey];
  const rows = await db.setting.findMany({ where: { key: { in: keys } }, select: { value: true } });
  return rows.length === keys.length && rows.every(({ value }) => value !== "");
}

/** A secret setting; undefined where there is none, or it was sealed by a portal of another secret. */
export async function readSecret(db: Connection, name: SecretKey, secret: string): Promise<string | undefined> {
  const row = await db.setting.findUnique({ where: { key: SECRET_KEYS[name] } });
  return typeof row?.value === "string" ? openText(row.value, secret) : undefined;
}
