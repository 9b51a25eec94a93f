import type { Database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { readSettings } from "#lib/settings/store.ts";

export type Health = { status: "ok" | "unavailable"; version: string; lastSampleAt: Date | null; reason?: string };

const MISSED_INTERVALS = 3;

/** Is the database there, and did a sample come within three intervals? Never throws. */
export async function checkHealth(db: Database, version: string, now = Date.now()): Promise<Health> {
  try {
    const [hosts, settings] = await Promise.all([listHosts(db), readSettings(db)]);
    const newest = Math.max(0, ...hosts.map((host) => host.lastSampleAt?.getTime() ?? 0));
    const lastSampleAt = newest > 0 ? new Date(newest) : null;
    const limitMs = MISSED_INTERVALS * settings.collection_interval * 1000;
    if (!lastSampleAt) return { status: "unavailable", version, lastSampleAt, reason: "No sample has been stored yet" };
    if (now - newest > limitMs) {
      return { status: "unavailable", version, lastSampleAt, reason: `No sample for more than ${limitMs / 1000} s` };
    }
    return { status: "ok", version, lastSampleAt };
  } catch {
    return { status: "unavailable", version, lastSampleAt: null, reason: "The database does not answer" };
  }
}
