import type { RecommendationStatus } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** The status that a user gave a recommendation: `until` of a snoozed one; `before` is its first figure (in its unit) at that time. */
export type RecommendationState = {
  key: string;
  status: RecommendationStatus;
  until: Date | null;
  statusAt: Date;
  before: number | null;
};

/** The stored states of a host's recommendations, by key. */
export async function readRecommendationStates(
  db: Connection,
  hostId: number,
): Promise<Map<string, RecommendationState>> {
  const rows = await db.recommendationState.findMany({ where: { hostId }, omit: { hostId: true, statusBy: true } });
  return new Map(rows.map((row) => [row.key, row]));
}

/** Stores a state over the one before. */
export async function saveRecommendationState(
  db: Connection,
  hostId: number,
  { key, ...state }: RecommendationState,
  userId: string,
): Promise<void> {
  const data = { ...state, statusBy: userId };
  await db.recommendationState.upsert({
    where: { hostId_key: { hostId, key } },
    create: { hostId, key, ...data },
    update: data,
  });
}

/** Gives what was decided of one host's recommendations to another, where nothing is decided there. */
export async function moveRecommendationStates(tx: Connection, { from, into }: HostMove): Promise<void> {
  await tx.$executeRaw`
    UPDATE recommendation_state s SET host_id = ${into} WHERE host_id = ${from}
      AND NOT EXISTS (SELECT FROM recommendation_state o WHERE o.host_id = ${into} AND o.key = s.key)`;
  await tx.recommendationState.deleteMany({ where: { hostId: from } });
}
