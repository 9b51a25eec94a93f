import { Schedule } from "#lib/collect/schedule.ts";
import { ServerSampler } from "#lib/databases/sampling/sampler.ts";
import { ensureOwnServer } from "#lib/databases/store/servers.ts";
import type { Database } from "#lib/db/client.ts";
import type { DatabaseServer } from "#lib/db/generated/client.ts";
import { held } from "#lib/db/held.ts";
import { HeldLock } from "#lib/db/held-lock.ts";
import { log, reasonOf } from "#lib/log.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";

const LOCK = "sightline.databases";
const LOCK_KEY = 1;
/** How often servers that were added, changed or removed are looked for. */
const LOOK_MS = 5 * SECOND_MS;

type Running = { version: string; sampler: ServerSampler; schedule: Schedule };

const versionOf = ({ enabled: _, ...row }: DatabaseServer): string => JSON.stringify(row);

/**
 * Samples all servers that are on, each on a schedule of its own: one that hangs delays no other. Of several portals one does, by a lock; the next
 * takes over when it is gone.
 */
export class ServerSampling {
  readonly #db: Database;
  readonly #hostId: () => Promise<number>;
  readonly #lock: HeldLock;
  readonly #running = new Map<number, Running>();
  readonly #writer: FrameWriter;
  #looking: Promise<void> | undefined;
  #lookAt = 0;
  #prepared = false;

  /** `hostId` answers the portal's own host, which its database belongs to. */
  constructor(url: string, db: Database, hostId: () => Promise<number>) {
    this.#db = db;
    this.#hostId = hostId;
    this.#writer = new FrameWriter(db, new Registry(db));
    this.#lock = new HeldLock(
      url,
      LOCK,
      () => Promise.resolve(LOCK_KEY),
      (state) => {
        if (state === "other") this.#stopAll();
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
    await this.#looking;
    await Promise.all(this.#stopAll());
  }

  #look(): void {
    if (this.#looking || performance.now() < this.#lookAt) return;
    this.#looking = this.#follow()
      .catch((error: unknown) => log.warn({ reason: reasonOf(error) }, "the list of database servers was not read"))
      .finally(() => {
        this.#looking = undefined;
        this.#lookAt = performance.now() + LOOK_MS;
      });
  }

  async #prepare(): Promise<void> {
    await ensureOwnServer(this.#db, await this.#hostId());
    // Whoever may not do that is told by a finding.
    await this.#db.$executeRaw`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`.catch(() => undefined);
    this.#prepared = true;
  }

  /** Starts, stops and starts anew, by what is configured. */
  async #follow(): Promise<void> {
    if (!this.#prepared) await this.#prepare();
    const rows = await held().get("database_server", "enabled", () =>
      this.#db.databaseServer.findMany({ where: { enabled: true } }),
    );
    const wanted = new Map(rows.map((row) => [row.id, row]));
    for (const [id, { version }] of this.#running) {
      const row = wanted.get(id);
      if (!row || versionOf(row) !== version) void this.#stop(id);
    }
    for (const row of rows) if (!this.#running.has(row.id)) this.#begin(row);
  }

  #begin(row: DatabaseServer): void {
    const sampler = new ServerSampler(this.#db, row, (hostId, frame) => this.#writer.append(hostId, frame));
    const schedule = new Schedule(row.intervalS * SECOND_MS, ({ at }) =>
      sampler
        .sample(at)
        .catch((error: unknown) =>
          log.error({ server: row.name, reason: reasonOf(error) }, "a database server was not sampled"),
        ),
    );
    schedule.start();
    this.#running.set(row.id, { version: versionOf(row), sampler, schedule });
  }

  #stop(id: number): Promise<void> {
    const running = this.#running.get(id);
    this.#running.delete(id);
    running?.schedule.stop();
    return running?.sampler.close() ?? Promise.resolve();
  }

  #stopAll(): Promise<void>[] {
    return [...this.#running.keys()].map((id) => this.#stop(id));
  }
}
