import type pg from "pg";
import { binaryPool, type Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { IncomingSample } from "#lib/metrics/incoming.ts";
import { type FrameRow, FrameRows } from "#lib/tsdb/foreign/frame-rows.ts";
import { HostSeries } from "#lib/tsdb/foreign/host-series.ts";
import { ensurePartitions, insertFrames } from "#lib/tsdb/foreign/insert-frames.ts";
import { insertLateFrames, isLate } from "#lib/tsdb/foreign/late-samples.ts";
import type { Slot } from "#lib/tsdb/foreign/slot.ts";
import { heldSeries } from "#lib/tsdb/held/held-series.ts";

/** Samples of one series, to be stored at its slot. */
export type SlotSamples = { slot: Slot; samples: readonly IncomingSample[] };

/** So many samples may wait for the database: some 100 MB. */
const MAX_WAITING = 1_000_000;

class Batch {
  readonly rows = new FrameRows();
  readonly late = new FrameRows();
  readonly stored = Promise.withResolvers<void>();
  samples = 0;
}

/**
 * Stores samples of outside. What comes while the database is busy goes there together: parts of one frame that came in several requests then cost
 * as much as one. What is stored already stays as it is, so that everything may be sent again.
 */
export class SampleWriter {
  readonly #db: Database;
  readonly #hosts = new Map<number, Promise<HostSeries>>();
  readonly #partitions = new Set<number>();
  #next: Batch | undefined;
  #current: Batch | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The series of a host, with their slots. */
  seriesOf(hostId: number, now: number): Promise<HostSeries> {
    let series = this.#hosts.get(hostId);
    if (!series) {
      series = HostSeries.load(this.#db, hostId, now);
      this.#hosts.set(hostId, series);
      series.catch(() => this.#hosts.delete(hostId));
    }
    return series;
  }

  /** Forgets what is known of a host's series: they are read again. */
  forget(hostId: number): void {
    this.#hosts.delete(hostId);
  }

  /**
   * Stores samples, durable when it resolves.
   * @throws DomainError unavailable where too many wait already; what the database says. All of it may be sent again.
   */
  append(series: SlotSamples[], now: number): Promise<void> {
    if ((this.#next?.samples ?? 0) + (this.#current?.samples ?? 0) > MAX_WAITING)
      throw new DomainError("unavailable", "The database is behind: send it again in a moment", {
        retryAfterSeconds: 5,
      });
    this.#next ??= new Batch();
    const batch = this.#next;
    for (const { slot, samples } of series) {
      batch.samples += samples.length;
      slot.seenAt = now;
      for (const { at, value, stale = false } of samples) {
        (isLate(at, now) ? batch.late : batch.rows).add(slot, at, value, stale);
        if (at >= slot.lastAt) [slot.lastAt, slot.stale] = [at, stale];
      }
    }
    if (!this.#current) void this.#run();
    return batch.stored.promise;
  }

  async #run(): Promise<void> {
    while (this.#next) {
      const batch = this.#next;
      [this.#current, this.#next] = [batch, undefined];
      try {
        await this.#store(batch);
        batch.stored.resolve();
      } catch (error) {
        batch.stored.reject(error);
      }
      this.#current = undefined;
    }
  }

  async #store({ rows, late }: Batch): Promise<void> {
    const client = await binaryPool(this.#db).connect();
    let failure: Error | undefined;
    try {
      for (const round of rows.rounds()) await this.#insert(client, round, insertFrames);
      for (const round of late.rounds()) await this.#insert(client, round, insertLateFrames);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
    await this.#adaptIntervals([...rows.rounds().flat(), ...late.rounds().flat()]);
  }

  async #insert(client: pg.PoolClient, rows: FrameRow[], insert: typeof insertFrames): Promise<void> {
    await this.#insertRows(client, rows, insert);
    for (const { source, at } of rows) heldSeries().framesCame({ hostId: source.hostId, sourceId: source.id }, at);
  }

  async #insertRows(client: pg.PoolClient, rows: FrameRow[], insert: typeof insertFrames): Promise<void> {
    await ensurePartitions(client, rows, this.#partitions);
    try {
      await insert(client, rows);
    } catch (error) {
      if (!/no partition of relation/.test((error as Error).message)) throw error;
      // An old day's partition was dropped once it was compacted: a late frame makes it again.
      this.#partitions.clear();
      await ensurePartitions(client, rows, this.#partitions);
      await insert(client, rows);
    }
  }

  async #adaptIntervals(rows: FrameRow[]): Promise<void> {
    for (const [hostId, own] of Map.groupBy(rows, ({ source }) => source.hostId)) {
      const host = await this.#hosts.get(hostId);
      const sources = new Set(own.map(({ source }) => source));
      // What was sent is stored: another time will do.
      await host
        ?.adaptIntervals(sources)
        .catch((error: unknown) => log.warn({ reason: reasonOf(error) }, "an interval is not adapted"));
    }
  }
}
