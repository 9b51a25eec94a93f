import type { AnomalyStatus } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";

/** The status that a user gives at `now` (ms); without a note the one before stays. */
export type StatusUpdate = { status: AnomalyStatus; note?: string | undefined; userId: string; now: number };

/** Gives one anomaly, or all of an incident, a status; answers how many there were. */
export async function updateAnomalyStatus(
  db: Connection,
  which: { hostId: number; id: number } | { hostId: number; incidentId: number },
  { status, note, userId, now }: StatusUpdate,
): Promise<number> {
  const data = { status, statusAt: new Date(now), statusBy: userId, ...(note === undefined ? {} : { note }) };
  return (await db.performanceAnomaly.updateMany({ where: which, data })).count;
}

/** Removes incidents whose end lies before an instant (ms), with their anomalies; answers how many incidents. */
export async function removeAnomaliesBefore(db: Connection, before: number): Promise<number> {
  const { count } = await db.incident.deleteMany({ where: { lastAt: { lt: new Date(before) } } });
  return count;
}
