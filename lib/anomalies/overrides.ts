import type { Connection } from "#lib/db/client.ts";

/** The host id of an override that holds for all of them. */
export const ALL_HOSTS = 0;

/** How a metric is watched on a host (0: all) where that differs from the settings; null takes over from them. */
export type Override = {
  hostId: number;
  metric: string;
  enabled: boolean | null;
  sensitivity: number | null;
  limit: number | null;
  seasonal: boolean | null;
};

export const readOverrides = (db: Connection): Promise<Override[]> =>
  db.detectionOverride.findMany({
    orderBy: [{ metric: "asc" }, { hostId: "asc" }],
    omit: { updatedAt: true, updatedBy: true },
  });

/** Stores an override, or takes it away where it says nothing. */
export async function writeOverride(db: Connection, override: Override, userId: string): Promise<void> {
  const { hostId, metric, ...choice } = override;
  const key = { hostId, metric };
  if (Object.values(choice).every((value) => value === null)) {
    await db.detectionOverride.deleteMany({ where: key });
    return;
  }
  const data = { ...choice, updatedBy: userId };
  await db.detectionOverride.upsert({ where: { hostId_metric: key }, create: { ...key, ...data }, update: data });
}
