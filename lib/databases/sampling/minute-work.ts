import { readDatabases } from "#lib/databases/read/databases.ts";
import { type Failure, failureOf } from "#lib/databases/read/problems.ts";
import type { SessionRow } from "#lib/databases/read/sessions.ts";
import { readSettingRows } from "#lib/databases/read/settings.ts";
import { inspectServer, summaryOf } from "#lib/databases/read-findings.ts";
import { readAllIndexes, readAllTables } from "#lib/databases/sampling/catalog-reader.ts";
import { StatementTracker } from "#lib/databases/sampling/statement-tracker.ts";
import type { ServerSession, Target } from "#lib/databases/server/connection.ts";
import { removeOldHistory, storeHours, storeSessions } from "#lib/databases/store/history.ts";
import { keyOf, type ServerKey } from "#lib/databases/store/servers.ts";
import { SessionSamples } from "#lib/databases/store/session-groups.ts";
import { removeOldChanges, storeSettingChanges } from "#lib/databases/store/setting-changes.ts";
import {
  type Availability,
  readSnapshots,
  removeOldSnapshots,
  type Snapshots,
  storeParts,
} from "#lib/databases/store/snapshots.ts";
import { removeOldTexts } from "#lib/databases/store/statement-texts.ts";
import type { Database } from "#lib/db/client.ts";
import type { DatabaseServer } from "#lib/db/generated/client.ts";
import { isDataRefused } from "#lib/db/refusal.ts";
import { log, reasonOf } from "#lib/log.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** How often each is read, ms. */
const EVERY = {
  minute: MINUTE_MS,
  findings: 5 * MINUTE_MS,
  databases: 5 * MINUTE_MS,
  settings: 5 * MINUTE_MS,
  tables: 10 * MINUTE_MS,
  indexes: HOUR_MS,
};

/** What is read of a server each minute and more seldom, and stored in tables. */
export class MinuteWork {
  readonly #db: Database;
  readonly #key: ServerKey;
  readonly #name: string;
  readonly #target: () => Target;
  readonly #failures: Map<string, Failure>;
  readonly #statements: StatementTracker;
  readonly #samples = new SessionSamples();
  readonly #readIn = new Map<string, number>();
  #catalog: Promise<void> | undefined;
  #slow: Snapshots = {};
  #hour: number | undefined;
  #settingsRead = false;
  #isFirst = true;

  /** `failures` gets what could not be read, by part. */
  constructor(db: Database, server: DatabaseServer, target: () => Target, failures: Map<string, Failure>) {
    this.#db = db;
    const key = keyOf(server);
    this.#key = key;
    this.#name = server.name;
    this.#target = target;
    this.#failures = failures;
    this.#statements = new StatementTracker(db, key);
  }

  /** What was last read of databases and tables. */
  get slow(): Snapshots {
    return this.#slow;
  }

  addSessions(rows: SessionRow[]): void {
    this.#samples.add(rows);
  }

  /** Resolves when nothing runs in the background. */
  async settled(): Promise<void> {
    await this.#catalog;
  }

  /** Whether a period is another than when this was last done; the first time it is. */
  #isDue(name: keyof typeof EVERY, at: number): boolean {
    const period = Math.floor(at / EVERY[name]);
    if (this.#readIn.get(name) === period) return false;
    this.#readIn.set(name, period);
    return true;
  }

  /** Does what is due at `at` (ms), and stores `fresh`, what each interval reads, once a minute. @throws Error where the connection is lost */
  async run(session: ServerSession, at: number, fresh: Snapshots): Promise<void> {
    if (!this.#isDue("minute", at)) return;
    // What was sampled until now is of the minute that is over.
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
    await this.#part("samples", () => this.#storeFresh(fresh));
    const identity = fresh.identity?.data;
    if (!identity) return this.#summarize(at);
    // What a process before this one has stored of the minute stays.
    const sessions = this.#isFirst ? undefined : this.#samples.take();
    this.#isFirst = false;
    if (sessions) await this.#part("session history", () => storeSessions(this.#db, this.#key, minute, sessions));
    await this.#part("statements", () => this.#statements.read(session, identity, at, minute), session);
    if (this.#isDue("databases", at)) await this.#part("databases", () => this.#readDatabases(session, at), session);
    if (this.#isDue("settings", at)) await this.#part("settings", () => this.#readSettings(session, at), session);
    this.#readCatalog(at);
    await this.#finishHour(at);
    await this.#summarize(at);
  }

  /** Since when (ms) the server is away by what was last stored; undefined where it answered, or that cannot be read now. */
  async readDownSince(): Promise<number | undefined> {
    const { serverId } = this.#key;
    const stored = await readSnapshots(this.#db, [serverId], ["availability"]).catch(() => undefined);
    return stored?.get(serverId)?.availability?.data.since ?? undefined;
  }

  /** Stores whether the server answers: each minute, and at once where that changed. */
  async storeAvailability(at: number, data: Availability): Promise<void> {
    const first = data.since === at;
    if (first || this.#isDue("minute", at))
      await this.#part("samples", () => this.#storeFresh({ availability: { at, data } }));
  }

  /** Runs one part: what fails is remembered and stops no other. @throws Error where the connection is lost */
  async #part(name: string, run: () => Promise<unknown>, session?: ServerSession): Promise<void> {
    try {
      await run();
      this.#failures.delete(name);
    } catch (error) {
      if (session?.isBroken) throw error;
      this.#failures.set(name, failureOf(name, error, ""));
      log.debug({ ...this.#key, part: name, reason: reasonOf(error) }, "a part of a database server was not read");
    }
  }

  /** At once, or where one of them is refused one by one: it stops no other. @throws what was said of the first that was refused */
  async #storeFresh(fresh: Snapshots): Promise<void> {
    try {
      return await storeParts(this.#db, this.#key, fresh);
    } catch (error) {
      const parts = Object.entries(fresh);
      if (!isDataRefused(error) || parts.length === 1) throw error;
      const done = await Promise.allSettled(
        parts.map(([part, snapshot]) => storeParts(this.#db, this.#key, { [part]: snapshot })),
      );
      const refused = done.find((each) => each.status === "rejected");
      if (refused) throw refused.reason;
    }
  }

  async #readDatabases(session: ServerSession, at: number): Promise<void> {
    const databases = { at, data: await readDatabases(session) };
    this.#slow = { ...this.#slow, databases };
    await this.#storeFresh({ databases });
  }

  async #readSettings(session: ServerSession, at: number): Promise<void> {
    const { serverId } = this.#key;
    const settings = { at, data: await readSettingRows(session) };
    const before =
      this.#slow.settings ??
      (this.#settingsRead
        ? undefined
        : (await readSnapshots(this.#db, [serverId], ["settings"])).get(serverId)?.settings);
    this.#settingsRead = true;
    if (before) await storeSettingChanges(this.#db, this.#key, before.data, settings.data, at);
    this.#slow = { ...this.#slow, settings };
    await this.#storeFresh({ settings });
  }

  /** Beside the samples, over connections of its own: it may take long. */
  #readCatalog(at: number): void {
    const databases = this.#slow.databases?.data;
    if (!databases || this.#catalog) return;
    const [tables, indexes] = [this.#isDue("tables", at), this.#isDue("indexes", at)];
    if (!tables && !indexes) return;
    this.#catalog = (async () => {
      if (tables)
        await this.#part("tables", async () => {
          const { rows, failures } = await readAllTables(this.#target(), databases);
          this.#slow = { ...this.#slow, tables: { at, data: rows } };
          await this.#storeFresh({ tables: { at, data: rows } });
          if (failures[0]) throw new Error(failures[0].message);
        });
      if (indexes)
        await this.#part("indexes", async () => {
          const { rows } = await readAllIndexes(this.#target(), databases);
          await this.#storeFresh({ indexes: { at, data: rows } });
        });
    })().finally(() => {
      this.#catalog = undefined;
    });
  }

  /** What lists show is found once a minute, and not by whoever looks. */
  async #summarize(at: number): Promise<void> {
    if (!this.#isDue("findings", at)) return;
    await this.#part("findings", async () => {
      const { hostId, serverId } = this.#key;
      const findings = await inspectServer(this.#db, { hostId, id: serverId, name: this.#name }, at);
      await this.#storeFresh({ summary: { at, data: summaryOf(findings) } });
    });
  }

  /** Once an hour is over it is made of its minutes, and what is too old goes. */
  async #finishHour(at: number): Promise<void> {
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    if (this.#hour === hour) return;
    await this.#part("hours", async () => {
      await storeHours(this.#db, this.#key, hour);
      await removeOldHistory(this.#db, this.#key, at);
      await removeOldSnapshots(this.#db, this.#key, at);
      await removeOldTexts(this.#db, this.#key, at);
      await removeOldChanges(this.#db, this.#key, at);
    });
    this.#hour = hour;
  }
}
