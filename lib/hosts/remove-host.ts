import type { Connection } from "#lib/db/client.ts";

/** Removes a host whose history went to another, with its agent. Its machine comes back as a new host. */
export async function removeHost(tx: Connection, id: number): Promise<void> {
  await tx.enrolmentToken.deleteMany({ where: { hostId: id } });
  await tx.host.delete({ where: { id } });
}
