import { randomBytes } from "node:crypto";
import type { InputKind } from "#lib/contract/input-names.ts";
import { hashToken } from "#lib/crypto/signed.ts";
import { binaryPool, type Connection, type Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

export const INPUT_PREFIX = "sli_";

/** An input as a request stands for it: it writes to its own host only. */
export type InputCaller = {
  hostId: number;
  name: string;
  kind: InputKind;
  maxSeries: number;
  maxBodyKib: number;
  maxSamplesPerSecond: number;
};

/** A fresh credential, and what is kept of it. */
export function makeToken(): { token: string; tokenHash: string } {
  const token = INPUT_PREFIX + randomBytes(32).toString("base64url");
  return { token, tokenHash: hashToken(token) };
}

/** The inputs of a kind that are turned on. */
export const listCallers = (db: Connection, kind: InputKind): Promise<InputCaller[]> =>
  db.$queryRaw`
    SELECT host_id AS "hostId", name, kind, max_series AS "maxSeries", max_body_kib AS "maxBodyKib",
      max_samples_per_second AS "maxSamplesPerSecond" FROM input WHERE kind = ${kind} AND enabled`;

/** Whether an input of a kind is turned on. */
export async function hasInput(db: Connection, kind: InputKind): Promise<boolean> {
  return (await db.input.findFirst({ where: { kind, enabled: true }, select: { hostId: true } })) !== null;
}

/** Whose credential this is; undefined for none. @throws DomainError forbidden for an input that is turned off */
export async function findInput(db: Database, token: string): Promise<InputCaller | undefined> {
  // Not by Prisma: it is asked at each request, and would cost as much as all else of a small one.
  const { rows } = await binaryPool(db).query<InputCaller & { enabled: boolean }>({
    name: "input by token",
    text: `SELECT host_id AS "hostId", name, kind, enabled, max_series AS "maxSeries", max_body_kib AS "maxBodyKib",
      max_samples_per_second AS "maxSamplesPerSecond" FROM input WHERE token_hash = $1`,
    values: [hashToken(token)],
  });
  const [row] = rows;
  if (!row) return undefined;
  const { enabled, ...caller } = row;
  if (!enabled) throw new DomainError("forbidden", `The input ${caller.name} is turned off: see the page Inputs`);
  return caller;
}
