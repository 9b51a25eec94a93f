import { coversHost, listRules } from "#lib/alerts/rules.ts";
import type { Connection } from "#lib/db/client.ts";

/** The level at or above which rules say that something is wrong on a host, by the name of a metric: the lowest; null of a metric without any. */
export async function readLevels(db: Connection, hostId: number): Promise<(metric: string) => number | null> {
  const levels = new Map<string, number>();
  for (const { enabled, series, condition, ...rule } of await listRules(db)) {
    if (!enabled || condition.kind !== "threshold" || !condition.operator.startsWith(">")) continue;
    if (!coversHost(rule, hostId)) continue;
    levels.set(series, Math.min(levels.get(series) ?? Number.POSITIVE_INFINITY, condition.level));
  }
  return (metric) => levels.get(metric) ?? null;
}
