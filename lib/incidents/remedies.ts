import { userNames } from "#lib/access/users.ts";
import type { Connection } from "#lib/db/client.ts";

/** What helped in some incidents by their post-mortems, by the incident's id; of those that say nothing there is none. */
export async function readRemedies(
  db: Connection,
  which: { hostId: number; incidentId: number }[],
): Promise<Map<number, string>> {
  if (which.length === 0) return new Map();
  const where = { OR: which.map(({ hostId, incidentId }) => ({ hostId, incidentId })), NOT: { remedy: "" } };
  const rows = await db.postMortem.findMany({ where, select: { incidentId: true, remedy: true } });
  return new Map(rows.map(({ incidentId, remedy }) => [incidentId, remedy]));
}

/** What an incident's own post-mortem is about, and who saved it last: null also of an account that is gone. */
export type WrittenPostMortem = { title: string; summary: string; updatedAt: Date; updatedBy: string | null };

/** The post-mortem that somebody saved of an incident; null of none. */
export async function readWritten(
  db: Connection,
  hostId: number,
  incidentId: number,
): Promise<WrittenPostMortem | null> {
  const row = await db.postMortem.findUnique({
    where: { hostId_incidentId: { hostId, incidentId } },
    select: { title: true, summary: true, updatedAt: true, updatedBy: true },
  });
  const { updatedBy = null } = row ?? {};
  const names = updatedBy === null ? new Map<string, string>() : await userNames(db, [updatedBy]);
  return row && { ...row, updatedBy: updatedBy && (names.get(updatedBy) ?? null) };
}
