import type { Settings } from "#lib/contract/settings.ts";
import type { Database } from "#lib/db/client.ts";
import { readSettings } from "#lib/settings/store.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const FRESH_MS = 2 * SECOND_MS;

let recent: { at: number; settings: Promise<Settings> } | undefined;

/** The settings as they were at most two seconds ago, for what is asked hundreds of times a second. */
export function recentSettings(db: Database): Promise<Settings> {
  const now = performance.now();
  if (recent && now - recent.at < FRESH_MS) return recent.settings;
  const settings = readSettings(db);
  recent = { at: now, settings };
  settings.catch(() => {
    recent = undefined;
  });
  return settings;
}
