import type { Connection } from "#lib/db/client.ts";

export const DECISIONS = ["open", "dismissed", "snoozed", "done"] as const;
export type DecisionStatus = (typeof DECISIONS)[number];

/** What was decided on a recommendation: `until` of one that sleeps; `before` is its first figure when it was done. */
export type RecommendationDecision = {
  key: string;
  status: DecisionStatus;
  until: Date | null;
  at: Date;
  before: number | null;
};

export async function readDecisions(db: Connection, hostId: number): Promise<Map<string, RecommendationDecision>> {
  const rows = await db.recommendationState.findMany({ where: { hostId }, omit: { hostId: true, decidedBy: true } });
  return new Map(rows.map((row) => [row.key, { ...row, status: row.status as DecisionStatus }]));
}

export async function decideRecommendation(
  db: Connection,
  hostId: number,
  { key, ...decision }: RecommendationDecision,
  userId: string,
): Promise<void> {
  const data = { ...decision, decidedBy: userId };
  await db.recommendationState.upsert({
    where: { hostId_key: { hostId, key } },
    create: { hostId, key, ...data },
    update: data,
  });
}
