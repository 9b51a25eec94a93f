import { storable } from "#lib/contract/storable.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { TargetState } from "#lib/scrape/store/target-state.ts";

/** The states of targets that changed since they were read last, and the keys of those that there are. */
export type PoolChanges = { keys: string[]; changed: Map<string, TargetState>; problem: string | undefined };

/** How many targets are in which state. */
export type StateCounts = Record<TargetState["health"], number>;

export const NO_STATES: StateCounts = { down: 0, unknown: 0, up: 0, dropped: 0 };

const ORDER = ["down", "unknown", "up", "dropped"];

/** Writes down how targets of an input fare; those that are no more are forgotten. */
export async function storeStates(
  db: Database,
  hostId: number,
  { keys, changed, problem }: PoolChanges,
): Promise<void> {
  const states = [...changed].map(([key, state]) => ({ key, state }));
  const rows = JSON.stringify(states, (_, value: unknown) => (typeof value === "string" ? storable(value) : value));
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`DELETE FROM scrape_target WHERE host_id = ${hostId} AND key <> ALL (${keys})`;
    await tx.$executeRaw`
      INSERT INTO scrape_target (host_id, key, state)
      SELECT c.host_id, r.key, r.state
      FROM jsonb_to_recordset(${rows}::jsonb) AS r (key text, state jsonb), scrape_config c WHERE c.host_id = ${hostId}
      ON CONFLICT (host_id, key) DO UPDATE SET state = excluded.state`;
    await tx.$executeRaw`
      UPDATE scrape_config SET problem = ${problem ?? null}
      WHERE host_id = ${hostId} AND problem IS DISTINCT FROM ${problem ?? null}`;
  });
}

/** The targets of an input as they fare, those that are down first. */
export async function listStates(db: Connection, hostId: number): Promise<TargetState[]> {
  const rows = await db.scrapeTarget.findMany({ where: { hostId } });
  const states = rows.map(({ state }) => state as TargetState);
  const text = ({ url, discovered }: TargetState) => url || (discovered.__address__ ?? "");
  return states.sort((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health) || (text(a) < text(b) ? -1 : 1));
}

/** How many targets of inputs are in which state, by their ids; a state without targets is left out. */
export async function countStates(db: Connection, hostIds: number[]): Promise<Map<number, Partial<StateCounts>>> {
  const rows = await db.$queryRaw<{ hostId: number; counts: Partial<StateCounts> }[]>`
    SELECT host_id AS "hostId", jsonb_object_agg(health, count) AS counts
    FROM (SELECT host_id, state->>'health' AS health, count(*) FROM scrape_target WHERE host_id = ANY (${hostIds}) GROUP BY 1, 2) t
    GROUP BY 1`;
  return new Map(rows.map(({ hostId, counts }) => [hostId, counts]));
}
