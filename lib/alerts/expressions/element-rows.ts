import type { Connection } from "#lib/db/client.ts";

/** An element as it is stored: what instances and alerts have in place of a series has its id, negated. */
export type StoredElement = { id: number; key: string; labels: Record<string, string> };

type Scope = { tx: Connection; hostId: number; ruleId: number };

/** The ids of elements by their keys, made where there are none yet. */
export async function storeElements(
  { tx, hostId, ruleId }: Scope,
  elements: { key: string; labels: Record<string, string> }[],
): Promise<Map<string, number>> {
  if (elements.length === 0) return new Map();
  await tx.alertElement.createMany({
    data: elements.map(({ key, labels }) => ({ hostId, ruleId, key, labels })),
    skipDuplicates: true,
  });
  const where = { hostId, ruleId, key: { in: elements.map(({ key }) => key) } };
  const rows = await tx.alertElement.findMany({ where, select: { id: true, key: true } });
  return new Map(rows.map(({ id, key }) => [key, id]));
}

/** Stored elements by their ids. */
export async function readElements({ tx, hostId, ruleId }: Scope, ids: number[]): Promise<StoredElement[]> {
  if (ids.length === 0) return [];
  const rows = await tx.alertElement.findMany({ where: { hostId, ruleId, id: { in: ids } } });
  return rows.map(({ id, key, labels }) => ({ id, key, labels: labels as Record<string, string> }));
}

/** The hosts on which something is known of a rule's elements. */
export async function hostsWithInstances(db: Connection, ruleId: number): Promise<number[]> {
  return (await db.alertInstance.groupBy({ by: ["hostId"], where: { ruleId } })).map(({ hostId }) => hostId);
}

/** Removes the elements that nothing is known of any more, a host at a time under its lock; answers how many. */
export async function removeForgottenElements(tx: Connection, hostId: number): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alerts'), ${hostId})`;
  return tx.$executeRaw`
    DELETE FROM alert_element e WHERE e.host_id = ${hostId}
      AND NOT EXISTS (SELECT FROM alert_instance i WHERE i.host_id = e.host_id AND i.series_id = -e.id)
      AND NOT EXISTS (SELECT FROM alert a WHERE a.host_id = e.host_id AND a.series_id = -e.id)`;
}
