import { HeldLock } from "#lib/db/held-lock.ts";
import { log, reasonOf } from "#lib/log.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const LOCK = "sightline.scraper";
const LOCK_KEY = 1;
/** How often configurations and targets that changed are looked for. */
const LOOK_MS = 2 * SECOND_MS;

/** What scrapes. */
type Manager = { follow(): Promise<void>; close(): Promise<void> };

/**
 * Has targets scraped by one of several portals, by a lock; the next takes over when it is gone. What scrapes is loaded once there is a
 * configuration: until then this costs a query each two seconds, and no database client.
 */
export class Scraping {
  readonly #load: () => Promise<Manager>;
  readonly #lock: HeldLock;
  #manager: Manager | undefined;
  #looking: Promise<void> | undefined;
  #lookAt = 0;

  constructor(url: string, load: () => Promise<Manager>) {
    this.#load = load;
    this.#lock = new HeldLock(
      url,
      LOCK,
      () => Promise.resolve(LOCK_KEY),
      (state, client) => {
        if (state === "other") void this.#end();
        // While the database is away nothing can be stored, and nothing is changed.
        if (state === "held" && client) return this.#look((sql) => client.query(sql));
      },
    );
  }

  start(): void {
    this.#lock.start();
  }

  async close(): Promise<void> {
    await this.#lock.close();
    await this.#looking;
    await this.#end();
  }

  async #end(): Promise<void> {
    const manager = this.#manager;
    this.#manager = undefined;
    await manager?.close();
  }

  async #look(query: (sql: string) => Promise<{ rows: unknown[] }>): Promise<void> {
    if (this.#looking || performance.now() < this.#lookAt) return;
    if (!this.#manager) {
      this.#lookAt = performance.now() + LOOK_MS;
      const { rows } = await query("SELECT 1 FROM scrape_config LIMIT 1");
      if (rows.length === 0) return;
    }
    this.#looking = this.#follow()
      .catch((error: unknown) => log.warn({ reason: reasonOf(error) }, "the targets to scrape were not read"))
      .finally(() => {
        this.#looking = undefined;
        this.#lookAt = performance.now() + LOOK_MS;
      });
  }

  async #follow(): Promise<void> {
    this.#manager ??= await this.#load();
    await this.#manager.follow();
  }
}
