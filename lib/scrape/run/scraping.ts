import { HeldLock } from "#lib/db/held-lock.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { ScrapeManager } from "#lib/scrape/run/scrape-manager.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const LOCK = "sightline.scraper";
const LOCK_KEY = 1;
/** How often configurations and targets that changed are looked for. */
const LOOK_MS = 2 * SECOND_MS;

/** Has targets scraped by one of several portals, by a lock; the next takes over when it is gone. */
export class Scraping {
  readonly #manager: ScrapeManager;
  readonly #lock: HeldLock;
  #looking: Promise<void> | undefined;
  #lookAt = 0;

  constructor(url: string, manager: ScrapeManager) {
    this.#manager = manager;
    this.#lock = new HeldLock(
      url,
      LOCK,
      () => Promise.resolve(LOCK_KEY),
      (state) => {
        if (state === "other") void this.#end();
        // While the database is away nothing can be stored, and nothing is changed.
        if (state === "held") this.#look();
      },
    );
  }

  start(): void {
    this.#lock.start();
  }

  async close(): Promise<void> {
    await this.#lock.close();
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.#looking;
    await this.#manager.close();
  }

  #look(): void {
    if (this.#looking || performance.now() < this.#lookAt) return;
    this.#looking = this.#manager
      .follow()
      .catch((error: unknown) => log.warn({ reason: reasonOf(error) }, "the targets to scrape were not read"))
      .finally(() => {
        this.#looking = undefined;
        this.#lookAt = performance.now() + LOOK_MS;
      });
  }
}
