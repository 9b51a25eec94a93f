import { VERSION } from "#lib/config/version.ts";
import { silent } from "#lib/db/availability.ts";
import { type Database, STATUS_LIMIT_MS } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { reader } from "#lib/db/reading.ts";
import { isDomainError } from "#lib/errors.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { log } from "#lib/log.ts";
import { readSettings } from "#lib/settings/store.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { recently } from "#lib/time/recent.ts";
import { LATE, within } from "#lib/time/within.ts";
import { readSignOfLife } from "#lib/tsdb/catalog.ts";

export type Health = { status: "ok" | "unavailable"; version: string; lastSampleAt: Date | null; reason?: string };

const MISSED_INTERVALS = 3;

const lengthOf = (ms: number): string => {
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms < 72 * HOUR_MS ? `${Math.round((ms / HOUR_MS) * 10) / 10} h` : `${Math.round(ms / (24 * HOUR_MS))} days`;
};

const silenceReason = (limitMs: number, ahead: Date | null, now: number): string => {
  const silence = `No sample for more than ${limitMs / SECOND_MS} s`;
  if (!ahead) return silence;
  return `${silence}. A sample lies ${lengthOf(ahead.getTime() - now)} in the future: the clock was set back, or was wrong when it was stored`;
};

/**
 * Is the database there, and was a sample stored within three intervals? A sample from the future proves nothing. Never throws, and answers
 * within two seconds.
 */
export async function checkHealth(db: Database, version: string, now = Date.now()): Promise<Health> {
  try {
    const health = await within(readHealth(db, version, now), STATUS_LIMIT_MS);
    if (health === LATE) throw silent();
    return health;
  } catch (error) {
    const failure = isDomainError(error) ? error : databaseFailure(error);
    if (!failure) log.error({ error: (error as Error).stack }, "the state of the portal could not be read");
    const reason = failure?.message ?? "The state of the portal could not be read: its log says why";
    return { status: "unavailable", version, lastSampleAt: null, reason };
  }
}

/** The health of this portal, at most a second old: whoever watches it from many places does not load its database. Never throws. */
export const recentHealth = recently((db: Database) => checkHealth(db, VERSION), SECOND_MS);

async function readHealth(db: Database, version: string, now: number): Promise<Health> {
  const own = reader(db);
  const limitMs = MISSED_INTERVALS * (await readSettings(own)).collection_interval * SECOND_MS;
  const { at, ahead } = await readSignOfLife(own, now - limitMs, now);
  if (at) return { status: "ok", version, lastSampleAt: at };
  const hosts = await listHosts(db, now);
  const newest = Math.max(0, ...hosts.map((host) => host.lastSampleAt?.getTime() ?? 0));
  const lastSampleAt = newest > 0 ? new Date(newest) : null;
  const reason = lastSampleAt || ahead ? silenceReason(limitMs, ahead, now) : "No sample has been stored yet";
  return { status: "unavailable", version, lastSampleAt, reason };
}
