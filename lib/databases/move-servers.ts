import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** Gives the database servers that are said to run on one host, with what is kept of them, to another. @throws DomainError conflict where both have one of a name */
export async function moveServers(tx: Connection, { from, into }: HostMove): Promise<void> {
  const kept = (await tx.databaseServer.findMany({ where: { hostId: into }, select: { name: true } })).map(
    ({ name }) => name,
  );
  const clash = await tx.databaseServer.findFirst({ where: { hostId: from, name: { in: kept } } });
  if (clash)
    throw new DomainError(
      "conflict",
      `Both hosts have a database server "${clash.name}": delete it of one of them first`,
    );
  await tx.databaseServer.updateMany({ where: { hostId: from }, data: { hostId: into } });
}
