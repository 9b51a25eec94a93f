import { createHash } from "node:crypto";
import { RateLimiterPrisma, RateLimiterRes } from "rate-limiter-flexible";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { waitText } from "#lib/format/wait.ts";
import { DAY_MS } from "#lib/time/durations.ts";

const TRIES_PER_ADDRESS = 30;
const ADDRESS_WINDOW_S = 600;
const FREE_FAILURES = 5;
const FIRST_LOCK_S = 60;
const LONGEST_LOCK_S = 3600;
/** Failures are forgotten after a day without a new one. */
const MEMORY_MS = DAY_MS;

function addressLimiter(db: Database, what: string): RateLimiterPrisma {
  return new RateLimiterPrisma({
    storeClient: db,
    keyPrefix: what,
    points: TRIES_PER_ADDRESS,
    duration: ADDRESS_WINDOW_S,
  });
}

/** Counts one try from a network address, in the database, so that every web process counts together. @throws DomainError rate-limited */
export async function countTry(db: Database, what: string, address: string): Promise<void> {
  try {
    await addressLimiter(db, what).consume(address);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const seconds = Math.ceil(error.msBeforeNext / 1000);
    throw new DomainError("rate-limited", `Too many tries from this address: wait ${waitText(seconds)}`, {
      retryAfterSeconds: seconds,
    });
  }
}

/** Takes a try back that turned out right, so that only wrong ones add up. */
export async function forgiveTry(db: Database, what: string, address: string): Promise<void> {
  await addressLimiter(db, what).reward(address);
}

/** The lock after so many failures in a row, in seconds: none for the first few, then doubling up to an hour. */
export function lockSeconds(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(FIRST_LOCK_S * 2 ** (failures - FREE_FAILURES), LONGEST_LOCK_S);
}

/** Accounts are kept by hash, and unknown ones too: a lock must not tell which exist. */
const accountHash = (email: string) => createHash("sha256").update(email).digest("base64url");

/** @throws DomainError locked while the account waits out its failures */
export async function assertUnlocked(db: Database, email: string, now = Date.now()): Promise<void> {
  const row = await db.signInFailure.findUnique({ where: { accountHash: accountHash(email) } });
  const waitMs = (row?.lockedUntil?.getTime() ?? 0) - now;
  if (waitMs <= 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new DomainError("locked", `Too many wrong passwords for this account: wait ${waitText(seconds)}`, {
    retryAfterSeconds: seconds,
  });
}

/** Counts a failed sign-in of an account; after several in a row it is locked for a while. */
export async function recordFailure(db: Database, email: string, now = Date.now()): Promise<void> {
  const key = accountHash(email);
  await db.signInFailure.deleteMany({ where: { accountHash: key, lastAt: { lt: new Date(now - MEMORY_MS) } } });
  const { count } = await db.signInFailure.upsert({
    where: { accountHash: key },
    create: { accountHash: key, count: 1, lastAt: new Date(now) },
    update: { count: { increment: 1 }, lastAt: new Date(now) },
  });
  const seconds = lockSeconds(count);
  if (seconds === 0) return;
  await db.signInFailure.update({ where: { accountHash: key }, data: { lockedUntil: new Date(now + seconds * 1000) } });
}

/** Forgets the failed sign-ins of an account, after one that succeeded. */
export async function forgetFailures(db: Database, email: string): Promise<void> {
  await db.signInFailure.deleteMany({ where: { accountHash: accountHash(email) } });
}
