import { RateLimiterPrisma, RateLimiterRes } from "rate-limiter-flexible";
import { addressGroup } from "#lib/access/proxies.ts";
import { DEFAULT_SETTINGS, type Settings } from "#lib/contract/settings.ts";
import { type Database, database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { waitText } from "#lib/format/wait.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** What is counted, how a reader is told of it, and the setting that says how many requests a minute it may make. */
const KINDS = {
  address: { name: "this address", setting: "rate_limit_address_per_minute" },
  account: { name: "this account", setting: "rate_limit_per_minute" },
  token: { name: "this API token", setting: "rate_limit_per_minute" },
  ingest: { name: "this API token, publishable key or agent", setting: "ingest_per_minute" },
} as const satisfies Record<string, { name: string; setting: keyof Settings }>;

export type LimitedKind = keyof typeof KINDS;
type LimitSettings = Pick<Settings, (typeof KINDS)[LimitedKind]["setting"]>;

/** So many requests of this process are counted in the database at once, so that one that is quiet costs it nothing; of a high limit this part. */
const BATCH = 20;
const BATCH_SHARE = 1 / 50;
/** So many addresses, accounts and tokens are remembered; then the oldest are forgotten. */
const MAX_KEYS = 20_000;

type Counter = { count: number; endsAt: number; blockedUntil: number };

/**
 * How many requests a minute an address, an account and a token may make. Each process counts by itself and tells the database in batches, which
 * says when all of them together have made too many: no request waits for that, and where the database is away each process holds the
 * limit for itself.
 */
export class RequestLimits {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #counters = new Map<string, Counter>();
  readonly #limiters = new Map<string, RateLimiterPrisma>();
  #settings: LimitSettings = DEFAULT_SETTINGS;

  /** `now` is a clock that is not set back, ms. */
  constructor(db: Database, now: () => number = () => performance.now()) {
    this.#db = db;
    this.#now = now;
  }

  /** Takes over what an administrator has set. */
  use(settings: LimitSettings): void {
    this.#settings = settings;
  }

  /** Counts a request. @throws DomainError rate-limited */
  take(kind: LimitedKind, id: string): void {
    const now = this.#now();
    const limit = this.#settings[KINDS[kind].setting];
    const key = kind === "address" ? addressGroup(id) : id;
    const counter = this.#counterOf(`${kind} ${key}`, now);
    if (counter.blockedUntil > now) throw tooMany(kind, limit, counter.blockedUntil - now);
    counter.count++;
    if (counter.count > limit) {
      counter.blockedUntil = counter.endsAt;
      throw tooMany(kind, limit, counter.endsAt - now);
    }
    const batch = Math.min(Math.max(BATCH, Math.ceil(limit * BATCH_SHARE)), Math.ceil(limit / 4));
    if (counter.count % batch === 0) void this.#tell(kind, limit, key, batch, counter);
  }

  #counterOf(key: string, now: number): Counter {
    const running = this.#counters.get(key);
    if (running && Math.max(running.endsAt, running.blockedUntil) > now) return running;
    const counter = { count: 0, endsAt: now + MINUTE_MS, blockedUntil: 0 };
    this.#counters.delete(key);
    this.#counters.set(key, counter);
    if (this.#counters.size > MAX_KEYS) this.#counters.delete(this.#counters.keys().next().value ?? "");
    return counter;
  }

  /** Counts for all processes. What the database cannot say now it says at the next batch. */
  async #tell(kind: LimitedKind, limit: number, key: string, points: number, counter: Counter): Promise<void> {
    try {
      await this.#limiterOf(kind, limit).consume(key, points);
    } catch (error) {
      if (error instanceof RateLimiterRes)
        counter.blockedUntil = Math.max(counter.blockedUntil, this.#now() + error.msBeforeNext);
    }
  }

  #limiterOf(kind: LimitedKind, points: number): RateLimiterPrisma {
    const name = `${kind} ${points}`;
    const limiter =
      this.#limiters.get(name) ??
      new RateLimiterPrisma({ storeClient: this.#db, keyPrefix: `requests ${kind}`, points, duration: 60 });
    this.#limiters.set(name, limiter);
    return limiter;
  }
}

function tooMany(kind: LimitedKind, limit: number, ms: number): DomainError {
  const seconds = Math.max(1, Math.ceil(ms / SECOND_MS));
  return new DomainError(
    "rate-limited",
    `More than ${limit} requests a minute from ${KINDS[kind].name}: wait ${waitText(seconds)}. Batches need fewer requests; an administrator can raise ${KINDS[kind].setting}`,
    { retryAfterSeconds: seconds },
  );
}

const shared = globalThis as typeof globalThis & { sightlineRequestLimits?: RequestLimits };

/** The limits of this process; the same ones when a bundler loads this module twice. */
export function requestLimits(): RequestLimits {
  shared.sightlineRequestLimits ??= new RequestLimits(database());
  return shared.sightlineRequestLimits;
}
