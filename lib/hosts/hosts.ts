import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";
import { newestFrameAt } from "#lib/tsdb/catalog.ts";

export type HostInfo = {
  id: number;
  name: string;
  system: Record<string, string | number>;
  firstSeenAt: Date;
  lastSampleAt: Date | null;
};

/** Registers a machine, or finds it again by its id, and answers its number. */
export async function registerHost(db: Database, host: HostIdentity): Promise<number> {
  const { id } = await db.host.upsert({
    where: { machineId: host.machineId },
    create: host,
    update: { name: host.name, system: host.system },
    select: { id: true },
  });
  return id;
}

/** All hosts by name, each with the time of its newest frame. */
export async function listHosts(db: Connection): Promise<HostInfo[]> {
  const [hosts, newestAt] = await Promise.all([db.host.findMany({ orderBy: { name: "asc" } }), newestFrameAt(db)]);
  return hosts.map((host) => ({
    id: host.id,
    name: host.name,
    system: host.system as HostInfo["system"],
    firstSeenAt: host.createdAt,
    lastSampleAt: newestAt.get(host.id) ?? null,
  }));
}

/** The host asked for, or the first one where none is named. @throws DomainError not-found */
export async function findHost(db: Connection, id?: number): Promise<{ id: number; name: string }> {
  const select = { id: true, name: true };
  const host = id
    ? await db.host.findUnique({ where: { id }, select })
    : await db.host.findFirst({ orderBy: { id: "asc" }, select });
  if (host) return host;
  const field = "host";
  if (!id) throw new DomainError("not-found", "No host has sent a sample yet: is the worker running?");
  const message = `There is no host ${id}: GET /api/v1/hosts lists them`;
  throw new DomainError("not-found", message, { fields: [{ field, message }] });
}
