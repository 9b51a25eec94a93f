import type { Database } from "#lib/db/client.ts";
import { breakLock, HeldLock } from "#lib/db/held-lock.ts";
import { log } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { newestBySource, type SourceNewest } from "#lib/tsdb/catalog.ts";

const NAME = "sightline.recorder";
const STALLED_MS = 30 * SECOND_MS;

/** What a recorder is told: that it is the one that stores, with what of its frames is stored already, or that another does. */
export type LeaseListener = { storeFrames(isStored: (frame: Frame) => boolean): void; standBy(): void };

/**
 * Sees that a host has one recorder, of however many portals: two of them would write over each other's frames. The other stands by, follows what is
 * stored, and takes over when the first is gone, or has the lock and stores nothing. While the database is away nobody can know: each stores for itself.
 */
export class RecorderLease {
  readonly #db: Database;
  readonly #hostId: () => Promise<number>;
  readonly #intervalMs: () => number;
  readonly #listener: LeaseListener;
  readonly #stalledMs: number;
  readonly #lock: HeldLock;
  #newest: SourceNewest = new Map();
  #advancedAt = 0;

  constructor(
    url: string,
    db: Database,
    options: { hostId: () => Promise<number>; intervalMs: () => number; listener: LeaseListener; stalledMs?: number },
  ) {
    this.#db = db;
    this.#hostId = options.hostId;
    this.#intervalMs = options.intervalMs;
    this.#listener = options.listener;
    this.#stalledMs = options.stalledMs ?? STALLED_MS;
    this.#lock = new HeldLock(url, NAME, options.hostId, async (state, client) => {
      if (state !== "other" || !client) return this.#listener.storeFrames((frame) => this.#isStored(frame));
      if (await this.#otherStores()) return this.#listener.standBy();
      log.warn("another recorder of this host has the lock and stores nothing: taking over");
      this.#advancedAt = performance.now();
      await breakLock(client, NAME, await this.#hostId());
    });
  }

  start(): void {
    this.#lock.start();
  }

  close(): Promise<void> {
    return this.#lock.close();
  }

  #isStored({ source, at }: Frame): boolean {
    return at <= (this.#newest.get(`${source.kind}/${source.name}`) ?? Number.NEGATIVE_INFINITY);
  }

  /** Is what is stored of the host still growing, as far as can be expected by now? */
  async #otherStores(): Promise<boolean> {
    const newest = await newestBySource(this.#db, await this.#hostId(), Date.now());
    const grown = [...newest].some(([source, at]) => at !== this.#newest.get(source));
    this.#newest = newest;
    if (grown || this.#advancedAt === 0) this.#advancedAt = performance.now();
    return performance.now() - this.#advancedAt < this.#stalledMs + 3 * this.#intervalMs();
  }
}
