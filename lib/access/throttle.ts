import { createHash } from "node:crypto";
import { RateLimiterPrisma, RateLimiterRes } from "rate-limiter-flexible";
import { addressGroup } from "#lib/access/proxies.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { waitText } from "#lib/format/wait.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** So many points in so many seconds, counted in the database, so that all processes count together. */
type Budget = { keyPrefix: string; points: number; duration: number };

const addressBudget = (what: string): Budget => ({ keyPrefix: what, points: 30, duration: 600 });
/** Failures of an account from wherever nobody is known: what a guesser with many addresses is slowed by. */
const STRANGERS: Budget = { keyPrefix: "strangers", points: 30, duration: 300 };

const FREE_FAILURES = 5;
const FIRST_LOCK_S = 60;
const LONGEST_LOCK_S = 3600;
/** Failures are forgotten after a day without a new one. */
const MEMORY_MS = DAY_MS;

const limiter = (db: Database, budget: Budget): RateLimiterPrisma =>
  new RateLimiterPrisma({ storeClient: db, ...budget });

/** Counts one try from a network address. @throws DomainError rate-limited */
export async function countTry(db: Database, what: string, address: string): Promise<void> {
  try {
    await limiter(db, addressBudget(what)).consume(addressGroup(address));
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
  await limiter(db, addressBudget(what)).reward(addressGroup(address));
}

/** The lock after so many failures in a row, in seconds: none for the first few, then doubling up to an hour. */
export function lockSeconds(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(FIRST_LOCK_S * 2 ** (failures - FREE_FAILURES), LONGEST_LOCK_S);
}

/** Kept by hash, those of unknown accounts too: a lock must not tell which exist. */
const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url");

/**
 * Who tries to get into an account: a device that has been in it before, or whoever is at an address. Each is locked for itself, so that
 * nobody's wrong passwords keep another out.
 */
export type Guesser = { account: string; address: string; device?: string | undefined };

const guesserKey = ({ account, address, device }: Guesser) =>
  hashOf(device ? `${account}\ndevice ${device}` : `${account}\n${addressGroup(address)}`);

function locked(seconds: number): DomainError {
  return new DomainError("locked", `Too many wrong passwords for this account: wait ${waitText(seconds)}`, {
    retryAfterSeconds: seconds,
  });
}

/** @throws DomainError locked while whoever tries waits out their failures */
export async function assertUnlocked(db: Database, guesser: Guesser, now = Date.now()): Promise<void> {
  const row = await db.signInFailure.findUnique({ where: { accountHash: guesserKey(guesser) } });
  const waitMs = (row?.lockedUntil?.getTime() ?? 0) - now;
  if (waitMs > 0) throw locked(Math.ceil(waitMs / 1000));
  if (guesser.device) return;
  const strangers = await limiter(db, STRANGERS).get(hashOf(guesser.account));
  if (strangers && strangers.consumedPoints >= STRANGERS.points) throw locked(Math.ceil(strangers.msBeforeNext / 1000));
}

/** Counts a wrong password; after several in a row whoever tries is locked out for a while. Answers how many the account had lately. */
export async function recordFailure(db: Database, guesser: Guesser, now = Date.now()): Promise<number> {
  const key = guesserKey(guesser);
  await db.signInFailure.deleteMany({ where: { accountHash: key, lastAt: { lt: new Date(now - MEMORY_MS) } } });
  const { count } = await db.signInFailure.upsert({
    where: { accountHash: key },
    create: { accountHash: key, count: 1, lastAt: new Date(now) },
    update: { count: { increment: 1 }, lastAt: new Date(now) },
  });
  const seconds = lockSeconds(count);
  if (seconds > 0)
    await db.signInFailure.update({
      where: { accountHash: key },
      data: { lockedUntil: new Date(now + seconds * 1000) },
    });
  if (guesser.device) return count;
  const { consumedPoints } = await limiter(db, STRANGERS).penalty(hashOf(guesser.account));
  return consumedPoints;
}

/** Forgets the failures of whoever got in. */
export async function forgetFailures(db: Database, guesser: Guesser): Promise<void> {
  await db.signInFailure.deleteMany({ where: { accountHash: guesserKey(guesser) } });
}
