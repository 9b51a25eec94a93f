import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SETTINGS, settingsSchema } from "#lib/contract/settings.ts";
import { log, reasonOf } from "#lib/log.ts";

const pathIn = (dataDir: string) => join(dataDir, "collection-interval");

/** The collection interval (s) that the database said last, so that collecting begins before it answers; the default where it never did. */
export function readCachedInterval(dataDir: string): number {
  try {
    const seconds = settingsSchema.shape.collection_interval.safeParse(Number(readFileSync(pathIn(dataDir), "utf8")));
    return seconds.data ?? DEFAULT_SETTINGS.collection_interval;
  } catch {
    return DEFAULT_SETTINGS.collection_interval;
  }
}

/** Keeps the interval (s) for the next start; on a full disk the one before stays. */
export function cacheInterval(dataDir: string, seconds: number): void {
  if (readCachedInterval(dataDir) === seconds) return;
  try {
    const path = pathIn(dataDir);
    writeFileSync(`${path}.new`, String(seconds), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    log.warn({ reason: reasonOf(error) }, "the collection interval is not kept for the next start");
  }
}
