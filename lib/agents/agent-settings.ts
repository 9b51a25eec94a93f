import { checksOf, recentChecks } from "#lib/checks/checks.ts";
import type { CheckDefinition } from "#lib/contract/checks.ts";
import type { Database } from "#lib/db/client.ts";
import { recentSettings } from "#lib/settings/recent.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What an agent is to do, as it learns with each answer. */
export type AgentSettings = { collectionIntervalMs: number; collectCommandLines: boolean; checks: CheckDefinition[] };

/** What the agent of a host is to do now. */
export async function agentSettings(db: Database, hostId: number): Promise<AgentSettings> {
  const [settings, checks] = await Promise.all([recentSettings(db), recentChecks(db)]);
  return {
    collectionIntervalMs: settings.collection_interval * SECOND_MS,
    collectCommandLines: settings.collect_command_lines,
    checks: checksOf(checks, hostId),
  };
}
