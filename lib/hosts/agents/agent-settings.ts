import type { Database } from "#lib/db/client.ts";
import { recentSettings } from "#lib/settings/recent.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What an agent is to do, as it learns with each answer. */
export type AgentSettings = { collectionIntervalMs: number };

/** The settings of agents as they are now. */
export async function agentSettings(db: Database): Promise<AgentSettings> {
  const { collection_interval } = await recentSettings(db);
  return { collectionIntervalMs: collection_interval * SECOND_MS };
}
