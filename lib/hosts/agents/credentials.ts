import { recordAuditEvent } from "#lib/audit/trail.ts";
import { hashToken } from "#lib/crypto/signed.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { DAY_MS } from "#lib/time/durations.ts";

export const AGENT_PREFIX = "sla_";

/** A credential older than this is to be changed. */
const ROTATE_MS = 30 * DAY_MS;

/** The agent that a request comes from: it speaks for its own host only. */
export type AgentCaller = { hostId: number; name: string; rotationDue: boolean };

type AgentRow = { hostId: number; name: string; isNext: boolean; issuedAt: Date; rotationDue: boolean };

/** Whose credential this is; undefined for none, and one that was revoked. The next credential takes the place of the one before when it is used. */
export async function findAgent(
  db: Connection,
  credential: string,
  now = Date.now(),
): Promise<AgentCaller | undefined> {
  const hash = hashToken(credential);
  // By hand, as it is asked at each push of each agent: Prisma would read the host by a query of its own.
  const [row] = await db.$queryRaw<AgentRow[]>`
    SELECT a.host_id AS "hostId", h.name, a.next_hash IS NOT DISTINCT FROM ${hash} AS "isNext", a.issued_at AS "issuedAt", a.rotation_due AS "rotationDue"
    FROM agent a JOIN host h ON h.id = a.host_id WHERE (a.hash = ${hash} OR a.next_hash = ${hash}) AND a.revoked_at IS NULL`;
  if (!row) return undefined;
  const { hostId, name, issuedAt } = row;
  if (!row.isNext) return { hostId, name, rotationDue: row.rotationDue || now - issuedAt.getTime() > ROTATE_MS };
  await db.agent.updateMany({
    where: { hostId, nextHash: hash },
    data: { hash, nextHash: null, issuedAt: new Date(now), rotationDue: false },
  });
  return { hostId, name, rotationDue: false };
}

/** Refuses a credential that is another host's: it would stand for both. Within a transaction, which others with the same one wait for. @throws DomainError conflict */
export async function assertUnused(tx: Connection, hash: string, hostId: number): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${hash}, 0))`;
  const other = await tx.agent.findFirst({
    where: { hostId: { not: hostId }, OR: [{ hash }, { nextHash: hash }] },
    select: { hostId: true },
  });
  if (other)
    throw new DomainError("conflict", "This credential is in use for another host: let the agent make one of its own");
}

/** Takes in an agent's next credential, which it made: the one of now holds until that is used. @throws DomainError conflict for one that is another host's */
export async function announceCredential(
  db: Database,
  { hostId, name }: AgentCaller,
  credential: string,
  address: string,
): Promise<void> {
  const nextHash = hashToken(credential);
  await db.$transaction(async (tx) => {
    await assertUnused(tx, nextHash, hostId);
    await tx.agent.update({ where: { hostId }, data: { nextHash } });
  });
  await recordAuditEvent(db, {
    ...{ userId: null, email: "", action: "agents.rotate", subject: `/hosts/${hostId}` },
    ...{ details: { host: name, address }, now: Date.now() },
  });
}

async function changeAgent(db: Connection, hostId: number, data: object): Promise<void> {
  const { count } = await db.agent.updateMany({ where: { hostId, revokedAt: null }, data });
  if (count === 0) throw new DomainError("not-found", `Host ${hostId} has no agent that is let in`);
}

/** Has an agent change its credential when it next reports. @throws DomainError not-found */
export const requestRotation = (db: Connection, hostId: number): Promise<void> =>
  changeAgent(db, hostId, { rotationDue: true });

/** Lets an agent in no longer; what it sent stays. @throws DomainError not-found */
export const revokeAgent = (db: Database, hostId: number, now = Date.now()): Promise<void> =>
  changeAgent(db, hostId, { revokedAt: new Date(now) });
