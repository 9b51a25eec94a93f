import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { HostMove, SeriesMap } from "#lib/tsdb/maintenance.ts";

/**
 * Gives one host's anomalies, incidents and detection overrides to another, whose own count where both have one; what was learned of its series goes.
 * @throws DomainError conflict while an anomaly goes on
 */
export async function moveAnomalies(tx: Connection, { from, into }: HostMove, series: SeriesMap): Promise<void> {
  if (await tx.performanceAnomaly.findFirst({ where: { hostId: from, endedAt: null } }))
    throw new DomainError("conflict", "Its anomalies are still being ended: try again in a minute");
  const [before, after] = [[...series.keys()], [...series.values()]];
  await tx.$executeRaw`
    DELETE FROM performance_anomaly a
    USING unnest(${before}::int[], ${after}::int[]) AS m(before, after), performance_anomaly o
    WHERE a.host_id = ${from} AND a.series_id = m.before AND o.host_id = ${into} AND o.series_id = m.after
      AND o.detected_at = a.detected_at AND o.source = a.source`;
  await tx.$executeRaw`
    UPDATE performance_anomaly a SET series_id = m.after FROM unnest(${before}::int[], ${after}::int[]) AS m(before, after)
    WHERE a.host_id = ${from} AND a.series_id = m.before`;
  // The foreign key takes their anomalies along.
  await tx.incident.updateMany({ where: { hostId: from }, data: { hostId: into } });
  await tx.performanceAnomaly.updateMany({ where: { hostId: from }, data: { hostId: into } });
  await tx.$executeRaw`
    UPDATE detection_override d SET host_id = ${into} WHERE host_id = ${from}
      AND NOT EXISTS (SELECT FROM detection_override o WHERE o.host_id = ${into} AND o.metric = d.metric)`;
  await tx.detectionOverride.deleteMany({ where: { hostId: from } });
  await tx.detectorState.deleteMany({ where: { hostId: from } });
}
