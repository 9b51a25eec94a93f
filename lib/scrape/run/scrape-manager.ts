import type { Database } from "#lib/db/client.ts";
import type { ScrapeConfig } from "#lib/db/generated/client.ts";
import { type InputCaller, listCallers } from "#lib/inputs/credentials.ts";
import { inputCounters, storeIncoming } from "#lib/inputs/store-incoming.ts";
import { log, reasonOf } from "#lib/log.ts";
import { trustOf } from "#lib/notify/outgoing.ts";
import { readConfig } from "#lib/scrape/config/read-config.ts";
import { TargetClient } from "#lib/scrape/run/fetch-target.ts";
import { ScrapePool } from "#lib/scrape/run/scrape-pool.ts";
import { secretsOf } from "#lib/scrape/store/configs.ts";
import { storeStates } from "#lib/scrape/store/target-states.ts";
import { Discovery } from "#lib/scrape/targets/discovery.ts";

type Running = { version: string; pool: ScrapePool };

/** How many bytes a body may have once it is unpacked: whichever limit is lower. */
const bodyLimit = (settings: { body_size_limit: number }, { maxBodyKib }: Pick<InputCaller, "maxBodyKib">): number =>
  Math.min(settings.body_size_limit || Number.POSITIVE_INFINITY, maxBodyKib * 1024);

/** Scrapes the targets of all inputs that are on. A configuration that cannot be read, or targets that cannot be found, stop no other. */
export class ScrapeManager {
  readonly #db: Database;
  readonly #running = new Map<number, Running>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Follows what is configured, and writes down how targets fare. */
  async follow(): Promise<void> {
    const callers = new Map((await listCallers(this.#db, "scrape")).map((caller) => [caller.hostId, caller]));
    const rows = await this.#db.scrapeConfig.findMany({ where: { hostId: { in: [...callers.keys()] } } });
    const wanted = new Set(rows.map(({ hostId }) => hostId));
    const gone = [...this.#running].filter(([hostId]) => !wanted.has(hostId));
    const ends = gone.map(([hostId, { pool }]) => this.#end(hostId, pool));
    const follows = rows.map((row) =>
      this.#followInput(row, callers.get(row.hostId) as InputCaller).catch((error: unknown) =>
        this.#note(row.hostId, error),
      ),
    );
    await Promise.all([...ends, ...follows]);
  }

  /** Ends all without a trace: another process goes on, or this one does after a start. */
  async close(): Promise<void> {
    const pools = [...this.#running.values()].map(({ pool }) => pool.stop(false));
    this.#running.clear();
    await Promise.all(pools);
    await inputCounters(this.#db).flush();
  }

  /** Says on the input why its targets are not followed, unless the database is away. */
  async #note(hostId: number, error: unknown): Promise<void> {
    const problem = reasonOf(error);
    log.warn({ input: hostId, reason: problem }, "targets of an input are not followed");
    await this.#db.scrapeConfig.updateMany({ where: { hostId }, data: { problem } }).catch(() => undefined);
  }

  async #end(hostId: number, pool: ScrapePool): Promise<void> {
    this.#running.delete(hostId);
    await pool.stop(true);
    await storeStates(this.#db, hostId, { keys: [], changed: new Map(), problem: undefined }).catch((error: unknown) =>
      this.#note(hostId, error),
    );
  }

  async #followInput(row: ScrapeConfig, caller: InputCaller): Promise<void> {
    const { hostId } = row;
    const version = JSON.stringify([row.text, row.sealed, row.trusted, caller]);
    const before = this.#running.get(hostId);
    let pool = before?.pool;
    if (!pool || before?.version !== version) {
      pool = this.#makePool(row, caller, before?.pool);
      this.#running.set(hostId, { version, pool });
    }
    try {
      await pool.follow(Date.now());
    } finally {
      if (before && before.pool !== pool) before.pool.release();
    }
    await storeStates(this.#db, hostId, pool.changes()).catch((error: unknown) => {
      pool.forgetChanges();
      throw error;
    });
  }

  #makePool(row: ScrapeConfig, caller: InputCaller, before: ScrapePool | undefined): ScrapePool {
    const { settings } = readConfig(row.text, secretsOf(row));
    const db = this.#db;
    return new ScrapePool(
      new Discovery(settings),
      {
        settings,
        client: new TargetClient(settings, trustOf(row.trusted)),
        maxBytes: bodyLimit(settings, caller),
        store: (series, at, drops) => storeIncoming(db, caller, series, Math.max(at, Date.now()), drops),
      },
      before,
    );
  }
}
