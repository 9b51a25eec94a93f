import { readRole, userNames } from "#lib/access/users.ts";
import { type Acting, noteAct } from "#lib/anomalies/incident-events.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";

/** Gives an incident to somebody who may decide on it, or to nobody. @throws DomainError not-found; validation for an account that may not */
export async function assignIncident(db: Database, acting: Acting, assigneeId: string | null): Promise<void> {
  const { hostId, incidentId: id } = acting;
  if (assigneeId !== null && !may(await readRole(db, assigneeId), "anomalies:decide"))
    throw invalidField("user_id", "Name an account that may decide on incidents and is not disabled");
  const name = assigneeId === null ? "nobody" : (await userNames(db, [assigneeId])).get(assigneeId);
  await db.$transaction(async (tx) => {
    const before = await tx.incident.findUnique({ where: { hostId_id: { hostId, id } }, select: { assignedTo: true } });
    if (!before) throw new DomainError("not-found", `There is no incident ${id} on host ${hostId}`);
    if (before.assignedTo === assigneeId) return;
    await tx.incident.update({ where: { hostId_id: { hostId, id } }, data: { assignedTo: assigneeId } });
    await noteAct(tx, acting, "assigned", `to ${name}`);
  });
}
