import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { readHeld } from "#lib/db/held.ts";
import type { Reader } from "#lib/db/reading.ts";
import { findOrCreate } from "#lib/db/unique.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";
import { newestFrameAt } from "#lib/tsdb/catalog.ts";

/** What the portal knows of a host's agent; `clockOffsetMs` is the host's clock less the portal's. */
type AgentInfo = {
  version: string;
  enrolledAt: Date;
  lastSeenAt: Date | null;
  revokedAt: Date | null;
  issuedAt: Date;
  rotationDue: boolean;
  address: string;
  clockOffsetMs: number;
  waiting: number;
  dropped: number;
  refused: number;
  refusal: string | null;
  refusedAt: Date | null;
  leftOut: number;
  leftOutReason: string | null;
  leftOutAt: Date | null;
};

export type HostInfo = {
  id: number;
  name: string;
  /** What the machine calls itself. */
  hostname: string;
  tags: string[];
  group: string;
  system: Record<string, string | number>;
  firstSeenAt: Date;
  lastSampleAt: Date | null;
  retiredAt: Date | null;
  /** None of the portal's own host. */
  agent: AgentInfo | null;
};

const WITH_AGENT = { agent: { omit: { hash: true, nextHash: true, hostId: true } } } as const;
type HostRow = Prisma.HostGetPayload<{ include: typeof WITH_AGENT }>;

function toInfo({ agent, ...host }: HostRow, lastSampleAt: Date | undefined): HostInfo {
  const { id, name, hostname, tags, group, system, createdAt, retiredAt } = host;
  return {
    ...{ id, name, hostname, tags, group, retiredAt },
    system: system as HostInfo["system"],
    firstSeenAt: createdAt,
    lastSampleAt: lastSampleAt ?? null,
    agent: agent && {
      ...agent,
      dropped: Number(agent.dropped),
      refused: Number(agent.refused),
      leftOut: Number(agent.leftOut),
    },
  };
}

/** What the machine id of an input's host begins with: no machine's own id has a colon. */
export const INPUT_MACHINE = "input:";

/** Registers a machine, or finds it again by its id, and answers its number. */
export async function registerHost(db: Connection, { machineId, name, system }: HostIdentity): Promise<number> {
  const { id } = await findOrCreate(
    () => db.host.findUnique({ where: { machineId }, select: { id: true } }),
    () => db.host.createMany({ data: { machineId, name, hostname: name, system }, skipDuplicates: true }),
  );
  await updateIdentity(db, id, { name, system });
  return id;
}

/** Takes over what a machine says of itself. One that somebody renamed keeps that name. */
export async function updateIdentity(
  db: Connection,
  id: number,
  { name, system }: Omit<HostIdentity, "machineId">,
): Promise<void> {
  await db.$executeRaw`
    UPDATE host SET name = CASE WHEN name = hostname THEN ${name} ELSE name END, hostname = ${name},
      system = ${system as Prisma.JsonObject}::jsonb
    WHERE id = ${id} AND (hostname, system) IS DISTINCT FROM (${name}, ${system as Prisma.JsonObject}::jsonb)`;
}

/** All hosts that are watched, or all that were retired, by name, each with the time of its newest frame up to now (ms). */
export async function listHosts(db: Connection, now = Date.now(), { retired = false } = {}): Promise<HostInfo[]> {
  const where = { retiredAt: retired ? { not: null } : null };
  const [hosts, newestAt] = await Promise.all([
    db.host.findMany({ where, orderBy: { name: "asc" }, include: WITH_AGENT }),
    newestFrameAt(db, now),
  ]);
  return hosts.map((host) => toInfo(host, newestAt.get(host.id)));
}

/** A host by its id, and what it is called. */
type HostName = { id: number; name: string };

/**
 * The hosts whose series a reader may read, retired ones too: their past is kept. Whoever may read metrics reads those of all hosts; a scope of accounts or
 * tokens would be applied here.
 */
export const readableHosts = (db: Reader): Promise<HostName[]> =>
  readHeld(db, "host", "readable", () => db.$queryRaw`SELECT id, name FROM host ORDER BY id`);

/** The hosts that are watched, by name. */
export const watchedHosts = (db: Reader): Promise<HostName[]> =>
  readHeld(db, "host", "watched", () => db.$queryRaw`SELECT id, name FROM host WHERE retired_at IS NULL ORDER BY name`);

/** The ids of the hosts that are watched no longer. */
export async function retiredHostIds(db: Reader): Promise<number[]> {
  const read = () => db.$queryRaw<{ id: number }[]>`SELECT id FROM host WHERE retired_at IS NOT NULL`;
  return (await readHeld(db, "host", "retired", read)).map(({ id }) => id);
}

/** A host, watched or retired. @throws DomainError not-found */
export async function readHost(db: Connection, id: number, now = Date.now()): Promise<HostInfo> {
  const host = await db.host.findUnique({ where: { id }, include: WITH_AGENT });
  if (!host) throw noHost(id, "id");
  return toInfo(host, (await newestFrameAt(db, now, id)).get(id));
}

function noHost(id: number, field: string): DomainError {
  const message = `There is no host ${id}: GET /api/v1/hosts lists them`;
  return new DomainError("not-found", message, { fields: [{ field, message }] });
}

/**
 * The host that an answer is of: the named one, or the only machine there is; hosts of inputs are named. Among several none is chosen.
 * @throws DomainError not-found, validation where there are several and none is named
 */
export async function findHost(db: Reader, id?: number): Promise<HostName> {
  const where =
    id === undefined
      ? Prisma.sql`retired_at IS NULL AND NOT starts_with(machine_id, ${INPUT_MACHINE})`
      : Prisma.sql`id = ${id}`;
  const read = () => db.$queryRaw<HostName[]>`SELECT id, name FROM host WHERE ${where} LIMIT 2`;
  const [host, another] = await readHeld(db, "host", `found ${id}`, read);
  if (host && !another) return host;
  if (!host && id === undefined)
    throw new DomainError("not-found", "No host has sent a sample yet: is the recorder running?");
  if (!host) throw noHost(id ?? 0, "host");
  throw invalidField("host", "There are several hosts: name one, GET /api/v1/hosts lists them");
}

/** Refuses ids of hosts that there are not. @throws DomainError validation, naming `field` */
export async function assertHosts(db: Connection, ids: number[], field = "host_ids"): Promise<void> {
  const names = await hostNames(db, ids);
  const missing = ids.find((id) => !names.has(id));
  if (missing === undefined) return;
  const message = `There is no host ${missing}: GET /api/v1/hosts lists them`;
  throw invalidField(field, message);
}

/** The names of hosts by their id. */
export async function hostNames(db: Connection, ids: number[]): Promise<Map<number, string>> {
  const rows = await db.host.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** How many cores a host has; 1 where that is not known. */
export async function hostCores(db: Connection, id: number): Promise<number> {
  const host = await db.host.findUnique({ where: { id }, select: { system: true } });
  const { cores } = (host?.system ?? {}) as { cores?: number };
  return Number(cores ?? 1);
}

/** When a host last spoke, and after how long (ms) without a sample it counts as silent: three intervals, at least a quarter of a minute. */
export type SignOfLife = { lastSampleAt: Date | null; silentAfterMs: number };

/** Whether a host has been silent for too long at `now` (ms). One that never sent is. */
export const isSilent = ({ lastSampleAt, silentAfterMs }: SignOfLife, now: number): boolean =>
  lastSampleAt === null || now - lastSampleAt.getTime() > silentAfterMs;

const SILENT_INTERVALS = 3;
const LEAST_SILENCE_MS = 15_000;

/** A host's sign of life, by the intervals of its sources, ms. */
export const signOfLife = ({ lastSampleAt }: Pick<HostInfo, "lastSampleAt">, intervals: number[]): SignOfLife => ({
  lastSampleAt,
  silentAfterMs: Math.max(LEAST_SILENCE_MS, SILENT_INTERVALS * (intervals.length > 0 ? Math.min(...intervals) : 0)),
});
