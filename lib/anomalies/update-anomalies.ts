import { noteAct } from "#lib/anomalies/incident-events.ts";
import type { AnomalyStatus } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";

/** The status that a user gives at `now` (ms); without a note the one before stays. */
export type StatusUpdate = { status: AnomalyStatus; note?: string | undefined; userId: string; now: number };

/** Gives one anomaly, or all of an incident, a status, and writes into the incident's history who did; answers how many there were. */
export function updateAnomalyStatus(
  db: Database,
  which: { hostId: number; id: number } | { hostId: number; incidentId: number },
  { status, note, userId, now }: StatusUpdate,
): Promise<number> {
  const data = { status, statusAt: new Date(now), statusBy: userId, ...(note === undefined ? {} : { note }) };
  return db.$transaction(async (tx) => {
    const { count } = await tx.performanceAnomaly.updateMany({ where: which, data });
    const first = count > 0 ? await tx.performanceAnomaly.findFirst({ where: which }) : null;
    if (!first) return count;
    const text = [...("id" in which ? [seriesTitle(first.series)] : []), ...(note ? [note] : [])].join(": ");
    const act = { hostId: which.hostId, incidentId: first.incidentId, userId, now };
    await noteAct(tx, act, status === "open" ? "reopened" : status, text);
    return count;
  });
}

/** Removes incidents whose end lies before an instant (ms), with their anomalies; those with a post-mortem stay. Answers how many incidents. */
export async function removeAnomaliesBefore(db: Connection, before: number): Promise<number> {
  const where = { lastAt: { lt: new Date(before) }, postMortem: null };
  return (await db.incident.deleteMany({ where })).count;
}
