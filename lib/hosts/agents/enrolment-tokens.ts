import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { portalUrl } from "#lib/config/address.ts";
import { AGENT_PLATFORM, agentExecutable } from "#lib/config/agent-files.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { hashToken } from "#lib/crypto/signed.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

const PREFIX = "sle_";

type NewToken = { tags: string[]; group: string; hostId?: number | undefined; hours: number; maxHosts: number };

/** Lines for a shell, each with the token that lets the agent in. */
type InstallCommands = { service: string; terminal: string; executable: string | null };

function installCommands(token: string): InstallCommands {
  const url = portalUrl(readEnvironment());
  const given = `--url ${url} --token ${token}`;
  const file = `curl -fsS ${url}/agent -o sightline-agent.mjs`;
  const executable = `curl -fsS ${url}/agent/${AGENT_PLATFORM} -o sightline-agent && chmod +x sightline-agent`;
  return {
    service: `${file} && sudo node sightline-agent.mjs install ${given}`,
    terminal: `${file} && node sightline-agent.mjs run --data ./sightline-agent ${given}`,
    executable: existsSync(agentExecutable()) ? `${executable} && sudo ./sightline-agent install ${given}` : null,
  };
}

/** Refuses a host that there is not, and one that the portal watches itself: an agent would take its identity. */
async function assertHasAgent(db: Connection, hostId: number): Promise<void> {
  await assertHosts(db, [hostId], "host_id");
  if (await db.agent.findUnique({ where: { hostId }, select: { hostId: true } })) return;
  throw invalidField("host_id", `The portal watches host ${hostId} itself: it has no agent to install again`);
}

/** Makes a token by which agents enrol. Its text is answered once and never kept. @throws DomainError validation for a host that there is not, or that has no agent */
export async function createEnrolmentToken(
  db: Connection,
  { hours, maxHosts, ...wanted }: NewToken,
  userId: string,
  now = Date.now(),
): Promise<{ id: string; token: string; expiresAt: Date; commands: InstallCommands }> {
  if (wanted.hostId !== undefined) await assertHasAgent(db, wanted.hostId);
  const token = PREFIX + randomBytes(24).toString("base64url");
  const expiresAt = new Date(now + hours * HOUR_MS);
  const { id } = await db.enrolmentToken.create({
    data: {
      ...wanted,
      hostId: wanted.hostId ?? null,
      maxHosts: wanted.hostId === undefined ? maxHosts : 1,
      hash: hashToken(token),
      createdBy: userId,
      expiresAt,
    },
    select: { id: true },
  });
  return { id, token, expiresAt, commands: installCommands(token) };
}

/** The tokens that have not expired at `now` (ms), newest first, without their texts. */
export const listEnrolmentTokens = (db: Connection, now = Date.now()) =>
  db.enrolmentToken.findMany({
    where: { expiresAt: { gt: new Date(now) } },
    orderBy: { createdAt: "desc" },
    omit: { hash: true, createdBy: true, hostId: true },
    include: { host: { select: { id: true, name: true } } },
  });

/** Revokes a token. @throws DomainError not-found */
export async function removeEnrolmentToken(db: Connection, id: string): Promise<void> {
  const { count } = await db.enrolmentToken.deleteMany({ where: { id } });
  if (count === 0) throw new DomainError("not-found", "There is no such enrolment token");
}

/** What a token allows to whoever has it. */
export type Enrolment = { id: string; hostId: number | null; tags: string[]; group: string };

/**
 * Takes one use of a token, in a transaction that enrols.
 * @throws DomainError forbidden for one that there is not, that has expired, or that was used as often as it may be
 */
export async function takeEnrolment(tx: Connection, token: string, now: number): Promise<Enrolment> {
  const hash = hashToken(token);
  // The row is locked by it, so that two that come at once cannot both be the last.
  const { count } = await tx.enrolmentToken.updateMany({
    where: { hash, expiresAt: { gt: new Date(now) }, used: { lt: tx.enrolmentToken.fields.maxHosts } },
    data: { used: { increment: 1 } },
  });
  if (count === 0)
    throw new DomainError(
      "forbidden",
      "This enrolment token is unknown, has expired or was used: create another on the page Hosts > Add host",
    );
  return tx.enrolmentToken.findUniqueOrThrow({
    where: { hash },
    select: { id: true, hostId: true, tags: true, group: true },
  });
}

/** Deletes the tokens that have expired at `now` (ms). */
export async function removeExpiredTokens(db: Connection, now: number): Promise<void> {
  await db.enrolmentToken.deleteMany({ where: { expiresAt: { lte: new Date(now) } } });
}
