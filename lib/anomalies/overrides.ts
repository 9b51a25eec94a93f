import type { Connection } from "#lib/db/client.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";

/** The host id of an override that holds for all of them. */
export const ALL_HOSTS = 0;

/** How anomalies of a metric are detected on a host (0: all) where that differs from the settings; null takes over from them. */
export type DetectionOverride = {
  hostId: number;
  metric: string;
  enabled: boolean | null;
  sensitivity: number | null;
  seasonal: boolean | null;
};

/** All overrides, by metric and then by host. */
export const readOverrides = (db: Connection): Promise<DetectionOverride[]> =>
  db.detectionOverride.findMany({
    orderBy: [{ metric: "asc" }, { hostId: "asc" }],
    omit: { updatedAt: true, updatedBy: true },
  });

/** Saves an override, or removes it where all of its values are null. @throws DomainError validation for an unknown host */
export async function writeOverride(db: Connection, override: DetectionOverride, userId: string): Promise<void> {
  const { hostId, metric, ...choice } = override;
  const key = { hostId, metric };
  if (hostId !== ALL_HOSTS) await assertHosts(db, [hostId], "host_id");
  if (Object.values(choice).every((value) => value === null)) {
    await db.detectionOverride.deleteMany({ where: key });
    return;
  }
  const data = { ...choice, updatedBy: userId };
  await db.detectionOverride.upsert({ where: { hostId_metric: key }, create: { ...key, ...data }, update: data });
}
