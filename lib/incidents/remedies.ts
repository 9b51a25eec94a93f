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
