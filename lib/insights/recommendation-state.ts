import type { RecommendationStatus } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";

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
