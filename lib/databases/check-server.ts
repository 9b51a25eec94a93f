import type { z } from "zod";
import type { serverCheck } from "#lib/contract/database-rows.ts";
import { readIdentity } from "#lib/databases/read/identity.ts";
import { readPooler } from "#lib/databases/read/pgbouncer.ts";
import { missingOf } from "#lib/databases/read/problems.ts";
import { connectionReason, type ServerSession, type Target, withSession } from "#lib/databases/server/connection.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";

type ServerCheck = z.output<typeof serverCheck>;

const OLDEST = 130_000;

async function measure(session: ServerSession, sql: string): Promise<number> {
  const began = performance.now();
  await session.rows(sql);
  return Math.round((performance.now() - began) * 1000) / 1000;
}

async function checkPostgres(session: ServerSession): Promise<ServerCheck> {
  const responseMs = await measure(session, "SELECT 1");
  const identity = await readIdentity(session);
  const old = { message: `PostgreSQL ${identity.version} is too old: 13 to 18 are read`, sql: null };
  const problems = identity.versionNum < OLDEST ? [old] : [];
  return { version: identity.version, responseMs, problems: [...problems, ...missingOf(identity)] };
}

async function checkPooler(session: ServerSession): Promise<ServerCheck> {
  const responseMs = await measure(session, "SHOW VERSION");
  const { state } = await readPooler(session);
  return { version: state.version, responseMs, problems: [] };
}

/** Connects once and says what is missing. @throws DomainError validation with the reason where it cannot be read at all */
export async function checkServer(target: Target): Promise<ServerCheck> {
  try {
    return await withSession(target, target.kind === "postgres" ? checkPostgres : checkPooler);
  } catch (error) {
    if (isDomainError(error)) throw error;
    const message = connectionReason(error);
    throw new DomainError("validation", message, { fields: [{ field: "address", message }] });
  }
}
