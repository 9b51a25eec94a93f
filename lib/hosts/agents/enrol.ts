import { recordAuditEvent } from "#lib/audit/trail.ts";
import { hashToken } from "#lib/crypto/signed.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { assertUnused } from "#lib/hosts/agents/credentials.ts";
import { type Enrolment, takeEnrolment } from "#lib/hosts/agents/enrolment-tokens.ts";
import { assertProtocol } from "#lib/hosts/agents/protocol.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";

export type EnrolRequest = HostIdentity & { protocol: number; version: string; token: string; credential: string };

const SHOWN = { id: true, name: true, retiredAt: true, agent: { select: { hash: true, revokedAt: true } } } as const;

/** One whose answer was lost asks again, with the credential that it had made: it is the same agent. */
const isRepeated = (host: { agent: { hash: string; revokedAt: Date | null } | null } | null, hash: string): boolean =>
  host?.agent?.hash === hash && host.agent.revokedAt === null;

const ownMachine = (name: string): DomainError =>
  new DomainError("conflict", `This machine is ${name}, which the portal watches itself: it needs no agent`);

const machineTaken = (name: string): DomainError =>
  new DomainError(
    "conflict",
    `This machine is already known as ${name}. To install its agent again, create a token on that host's page (Reinstall agent); if it is a copy of another machine, give it its own id with --machine-id`,
  );

/** The host that a token lets a machine be: a new one, or the one that the token names, also as another machine. */
async function hostFor(
  tx: Connection,
  { machineId, name, system }: HostIdentity,
  { hostId, tags, group }: Enrolment,
): Promise<{ id: number; name: string }> {
  const existing = await tx.host.findUnique({ where: { machineId }, select: SHOWN });
  if (existing && existing.id !== hostId) throw (existing.agent ? machineTaken : ownMachine)(existing.name);
  if (hostId === null)
    return tx.host.create({ data: { machineId, name, hostname: name, system, tags, group }, select: SHOWN });
  return tx.host.update({ where: { id: hostId }, data: { machineId, system, retiredAt: null }, select: SHOWN });
}

/**
 * Lets an agent in by an enrolment token: from now on its credential is its host's. A machine that is known already needs a token for that very host,
 * so that nobody takes over the identity of another.
 * @throws DomainError forbidden for the token, conflict for a machine that is known, upgrade-required
 */
export async function enrolAgent(
  db: Database,
  request: EnrolRequest,
  { address, now = Date.now() }: { address: string; now?: number },
): Promise<{ id: number; name: string }> {
  assertProtocol(request.protocol);
  const { host, tokenId } = await admit(db, request, now);
  if (tokenId !== undefined) {
    const details = { host: host.name, token: tokenId, version: request.version, address };
    await recordAuditEvent(db, {
      ...{ userId: null, email: "", action: "agents.enrol", subject: `/hosts/${host.id}`, details, now },
    });
  }
  return host;
}

function admit(db: Database, request: EnrolRequest, now: number) {
  const hash = hashToken(request.credential);
  return db.$transaction(async (tx) => {
    const { machineId, name, system, version, token } = request;
    const existing = await tx.host.findUnique({ where: { machineId }, select: SHOWN });
    if (existing && isRepeated(existing, hash)) return { host: existing, tokenId: undefined };
    const enrolment = await takeEnrolment(tx, token, now);
    const host = await hostFor(tx, { machineId, name, system }, enrolment);
    await assertUnused(tx, hash, host.id);
    const at = new Date(now);
    const data = { hash, nextHash: null, issuedAt: at, enrolledAt: at, revokedAt: null, rotationDue: false, version };
    await tx.agent.upsert({ where: { hostId: host.id }, create: { hostId: host.id, ...data }, update: data });
    return { host, tokenId: enrolment.id };
  });
}
