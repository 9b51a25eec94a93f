import { type SettingChange, type SettingRow, settingChanges } from "#lib/databases/read/settings.ts";
import type { ServerKey } from "#lib/databases/store/servers.ts";
import type { Connection } from "#lib/db/client.ts";
import { YEAR_MS } from "#lib/time/durations.ts";

const KEPT_MS = YEAR_MS;
const MOST_SHOWN = 200;

/** Stores what differs between two readings of a server's settings, at `at` (ms). */
export async function storeSettingChanges(
  db: Connection,
  key: ServerKey,
  before: SettingRow[],
  after: SettingRow[],
  at: number,
): Promise<void> {
  const data = settingChanges(before, after).map((change) => ({ ...key, ...change, at: new Date(at) }));
  await db.databaseSettingChange.createMany({ data, skipDuplicates: true });
}

/** The latest changes of a server's settings, the newest first. */
export const listSettingChanges = (db: Connection, key: ServerKey): Promise<(SettingChange & { at: Date })[]> =>
  db.databaseSettingChange.findMany({
    where: key,
    orderBy: [{ at: "desc" }, { name: "asc" }],
    take: MOST_SHOWN,
    select: { at: true, name: true, before: true, after: true },
  });

/** Removes changes of more than a year before `now` (ms). */
export async function removeOldChanges(db: Connection, key: ServerKey, now: number): Promise<void> {
  await db.databaseSettingChange.deleteMany({ where: { ...key, at: { lt: new Date(now - KEPT_MS) } } });
}
