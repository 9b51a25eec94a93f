import { reading } from "#lib/collect/sensor.ts";
import { statusReadings } from "#lib/collect/sensors/postgres.ts";
import { type Identity, readIdentity } from "#lib/databases/read/identity.ts";
import { readPooler } from "#lib/databases/read/pgbouncer.ts";
import { type Failure, failureOf, missingOf } from "#lib/databases/read/problems.ts";
import { readReplication } from "#lib/databases/read/replication.ts";
import { readSessions } from "#lib/databases/read/sessions.ts";
import { readTotals } from "#lib/databases/read/totals.ts";
import { Link } from "#lib/databases/sampling/link.ts";
import { MinuteWork } from "#lib/databases/sampling/minute-work.ts";
import { detailReadings, labelled, replicationReadings, slowReadings } from "#lib/databases/sampling/readings.ts";
import type { ServerSession } from "#lib/databases/server/connection.ts";
import { targetOf } from "#lib/databases/store/servers.ts";
import type { Snapshots } from "#lib/databases/store/snapshots.ts";
import type { Database } from "#lib/db/client.ts";
import type { DatabaseServer } from "#lib/db/generated/client.ts";
import { log, reasonOf } from "#lib/log.ts";
import { type Frame, REMOTE_SOURCE, type Reading } from "#lib/metrics/frame.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

const IDENTITY_MS = MINUTE_MS;

type Store = (hostId: number, frame: Frame) => Promise<void>;

/**
 * Samples one server: its series each interval, what is no series each minute and more seldom. Nothing that the server does, or refuses, throws here;
 * while it is away its series have no values but that it is down.
 */
export class ServerSampler {
  readonly server: DatabaseServer;
  readonly #store: Store;
  readonly #link: Link;
  readonly #minute: MinuteWork;
  readonly #failures = new Map<string, Failure>();
  #identity: { at: number; value: Identity } | undefined;
  #snapshots: Snapshots = {};
  #last: Reading[] = [];
  #downSince: number | undefined;
  #closed = false;
  #storeFails = false;

  constructor(db: Database, server: DatabaseServer, store: Store) {
    this.server = server;
    this.#store = store;
    this.#link = new Link(() => targetOf(server));
    this.#minute = new MinuteWork(db, server, () => targetOf(server), this.#failures);
  }

  /** Samples at `at` (ms) and stores what was read. */
  async sample(at: number): Promise<void> {
    const session = await this.#link.open(at);
    const readings = session ? await this.#read(session, at) : undefined;
    // What ends with this process does not say that the server is away.
    if (this.#closed) return;
    if (!readings) await this.#noteDown(at);
    const up = reading(this.#metric("up"), readings ? 1 : 0);
    const rest = readings ?? this.#last.map((entry) => ({ ...entry, value: null }));
    this.#last = rest;
    await this.#emit(at, [up, ...rest]);
  }

  /** Resolves when nothing of a sample runs in the background. */
  settled(): Promise<void> {
    return this.#minute.settled();
  }

  /** Ends its connection; what runs is waited for. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#link.close();
    await this.settled();
  }

  #metric(name: "up" | "response") {
    return this.server.kind === "postgres" ? (`postgres.${name}` as const) : (`pgbouncer.${name}` as const);
  }

  async #emit(at: number, readings: Reading[]): Promise<void> {
    const { hostId, own, name, intervalS } = this.server;
    const source = { kind: REMOTE_SOURCE, name };
    const frame = {
      source,
      at,
      intervalMs: intervalS * SECOND_MS,
      readings: own ? readings : labelled(readings, name),
    };
    try {
      await this.#store(hostId, frame);
      this.#storeFails = false;
    } catch (error) {
      if (!this.#storeFails)
        log.warn({ server: name, reason: reasonOf(error) }, "samples of a database server cannot be stored");
      this.#storeFails = true;
    }
  }

  /** Undefined where the connection was lost on the way. */
  async #read(session: ServerSession, at: number): Promise<Reading[] | undefined> {
    try {
      const began = performance.now();
      await session.rows(this.server.kind === "postgres" ? "SELECT 1" : "SHOW VERSION");
      const responseMs = Math.round((performance.now() - began) * 1000) / 1000;
      const readings = await (this.server.kind === "postgres"
        ? this.#readPostgres(session, at, responseMs)
        : this.#readPooler(session, at, responseMs));
      if (session.isBroken) throw new Error("The connection was lost");
      this.#link.confirm();
      if (this.#downSince !== undefined) log.info({ server: this.server.name }, "a database server answers again");
      this.#downSince = undefined;
      const failures = [...this.#failures.values(), ...(this.#identity ? missingOf(this.#identity.value) : [])];
      const availability = { up: true, reason: null, since: null, responseMs, failures };
      await this.#minute.run(session, at, { ...this.#snapshots, availability: { at, data: availability } });
      return readings;
    } catch (error) {
      this.#link.lose(error, at);
      return undefined;
    }
  }

  async #readPostgres(session: ServerSession, at: number, responseMs: number): Promise<Reading[]> {
    if (!this.#identity || at - this.#identity.at >= IDENTITY_MS)
      this.#identity = { at, value: await readIdentity(session) };
    const identity = this.#identity.value;
    const totals = await readTotals(session, identity);
    const sessions = await this.#attempt(session, "sessions", () => readSessions(session, identity));
    const replication = await this.#attempt(session, "replication", () => readReplication(session));
    if (sessions) this.#minute.addSessions(sessions);
    this.#snapshots = {
      identity: this.#identity && { at, data: identity },
      totals: { at, data: totals },
      ...(sessions && { sessions: { at, data: sessions } }),
      ...(replication && { replication: { at, data: replication } }),
    };
    return [
      // Of the portal's own database the recorder collects these.
      ...(this.server.own ? [] : statusReadings(totals, responseMs)),
      ...detailReadings(totals, identity),
      ...(replication ? replicationReadings(replication) : []),
      ...slowReadings(this.#minute.slow),
    ];
  }

  async #readPooler(session: ServerSession, at: number, responseMs: number): Promise<Reading[]> {
    const { state, readings } = await readPooler(session);
    this.#snapshots = { pooler: { at, data: state } };
    return [reading("pgbouncer.response", responseMs), ...readings];
  }

  /** Reads a part; what the server refuses of it is remembered, and the others are read. @throws Error where the connection is lost */
  async #attempt<T>(session: ServerSession, part: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      const value = await read();
      this.#failures.delete(part);
      return value;
    } catch (error) {
      if (session.isBroken) throw error;
      this.#failures.set(part, failureOf(part, error, this.#identity?.value.user ?? ""));
      return undefined;
    }
  }

  async #noteDown(at: number): Promise<void> {
    const { reason } = this.#link;
    if (this.#downSince === undefined) log.warn({ server: this.server.name, reason }, "a database server is away");
    // It may have been away before this process began.
    this.#downSince ??= (await this.#minute.readDownSince()) ?? at;
    this.#identity = undefined;
    await this.#minute.storeAvailability(at, {
      ...{ up: false, reason, since: this.#downSince, responseMs: null },
      failures: [],
    });
  }
}
