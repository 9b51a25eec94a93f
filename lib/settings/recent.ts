import { readSettings } from "#lib/settings/store.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { recently } from "#lib/time/recent.ts";

/** The settings as they were at most two seconds ago. */
export const recentSettings = recently(readSettings, 2 * SECOND_MS);
