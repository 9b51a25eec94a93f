import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { log, reasonOf } from "#lib/log.ts";

/** Do we have the lock, has somebody else, or is there no way to know, since the database does not answer? */
export type LockState = "held" | "other" | "unknown";

/** How often whoever has not got the lock looks, and whether a connection that holds it still stands: it is given up before the server gives it away. */
const LOOK_MS = 1_000;
const HELD_LOOK_MS = 10_000;
const ANSWER_MS = 3_000;

/** So that the server notices within a quarter of a minute that nobody is there any more, and gives the lock to the next. */
const KEEPALIVE = `SELECT set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '2', false),
  set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '15000', false), set_config('statement_timeout', '2s', false)`;

/**
 * An advisory lock held on a connection of its own: it ends with the process, however that ends. A connection that is lost, or only half there, is
 * noticed within seconds and made again.
 */
export class HeldLock {
  readonly #url: string;
  readonly #name: string;
  readonly #key: () => Promise<number>;
  readonly #onLook: (state: LockState, client: pg.Client | undefined) => void | Promise<void>;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  /** `key` answers the second half of the lock's key; `onLook` hears every few seconds how it stands. */
  constructor(
    url: string,
    name: string,
    key: () => Promise<number>,
    onLook: (state: LockState, client: pg.Client | undefined) => void | Promise<void>,
  ) {
    this.#url = url;
    this.#name = name;
    this.#key = key;
    this.#onLook = onLook;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Gives the lock up. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const client = new pg.Client({
        connectionString: this.#url,
        keepAlive: true,
        keepAliveInitialDelayMillis: 5_000,
        connectionTimeoutMillis: ANSWER_MS,
        query_timeout: ANSWER_MS,
        application_name: "sightline-lock",
      });
      client.on("error", (error) => log.debug({ reason: reasonOf(error) }, "the lock's connection is lost"));
      try {
        await client.connect();
        await client.query(KEEPALIVE);
        await this.#watch(client, await this.#key());
      } catch {
        if (!this.#stop.signal.aborted) await this.#onLook("unknown", undefined);
      }
      // Not waited for: the end of a half-open connection never comes.
      void client.end().catch(() => undefined);
      await this.#pause();
    }
  }

  async #watch(client: pg.Client, key: number): Promise<void> {
    const ended = new AbortController();
    client.once("end", () => ended.abort());
    const either = AbortSignal.any([this.#stop.signal, ended.signal]);
    for (let held = false; !this.#stop.signal.aborted; await this.#pause(held ? HELD_LOOK_MS : LOOK_MS, either)) {
      if (held) await client.query("SELECT 1");
      else {
        const sql = "SELECT pg_try_advisory_lock(hashtext($1), $2) AS mine";
        const { rows } = await client.query<{ mine: boolean }>(sql, [this.#name, key]);
        held = rows[0]?.mine === true;
      }
      await this.#onLook(held ? "held" : "other", client);
    }
  }

  #pause(ms = LOOK_MS, signal = this.#stop.signal): Promise<void> {
    return sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}

/** Ends the session that holds a lock, whose process does not do what it holds it for. */
export async function breakLock(client: pg.Client, name: string, key: number): Promise<void> {
  const sql = `SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid::bigint = hashtext($1)::bigint & 4294967295 AND objid::bigint = $2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  await client.query(sql, [name, key]);
}
