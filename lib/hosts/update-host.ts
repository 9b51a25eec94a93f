import type { Database } from "#lib/db/client.ts";
import { type HostInfo, readHost } from "#lib/hosts/hosts.ts";

export type HostChange = {
  /** null gives it its hostname again. */
  name?: string | null | undefined;
  tags?: string[] | undefined;
  group?: string | undefined;
  retired?: boolean | undefined;
};

/**
 * Changes how a host is called and sorted, and whether it is watched. With a host its agent is retired: it is let in again only by a new token.
 * @throws DomainError not-found
 */
export async function updateHost(
  db: Database,
  id: number,
  { name, tags, group, retired }: HostChange,
  now = Date.now(),
): Promise<HostInfo> {
  const { hostname, retiredAt } = await readHost(db, id, now);
  await db.$transaction(async (tx) => {
    await tx.host.update({
      where: { id },
      data: {
        ...(name === undefined ? {} : { name: name ?? hostname }),
        ...(tags === undefined ? {} : { tags: [...new Set(tags)] }),
        ...(group === undefined ? {} : { group }),
        ...(retired === undefined ? {} : { retiredAt: retired ? (retiredAt ?? new Date(now)) : null }),
      },
    });
    if (retired)
      await tx.agent.updateMany({ where: { hostId: id, revokedAt: null }, data: { revokedAt: new Date(now) } });
  });
  return readHost(db, id, now);
}
