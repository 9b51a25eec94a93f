import type { MetricKind } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import type { Labels, SourceRef } from "#lib/metrics/frame.ts";
import { changeInterval, schemaWith } from "#lib/tsdb/foreign/schemas.ts";
import { findOrCreateSeries, type SeriesRow } from "#lib/tsdb/foreign/series-rows.ts";
import { GrowingSource, type Slot } from "#lib/tsdb/foreign/slot.ts";

/** A series that wants a slot. Without a kind it is what it was, or a gauge. */
export type NewSeries = {
  key: string;
  source: SourceRef;
  metric: string;
  labels: Labels;
  labelsKey: string;
  kind?: MetricKind | undefined;
  unit?: string | undefined;
  help?: string | undefined;
};

/** What a series of a host is found by. */
export const seriesKey = (metric: string, labelsKey: string): string => `${metric}\n${labelsKey}`;

/** The name of a source without the number of its part. */
const originOf = ({ kind, name }: SourceRef): string => `${kind}/${name.replace(/ #\d+$/, "")}`;

const TRANSACTION = { timeout: 15_000, maxWait: 5_000 };
/** So many series are registered at once. */
const BATCH = 2_000;

/** The series of a host that foreign samples come for, each with its slot. One registration at a time, also among processes. */
export class HostSeries {
  readonly #db: Database;
  readonly #hostId: number;
  readonly #slots = new Map<string, Slot>();
  readonly #sources = new Map<number, GrowingSource>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(db: Database, hostId: number) {
    [this.#db, this.#hostId] = [db, hostId];
  }

  /** Those that the newest schema of each source has. */
  static async load(db: Database, hostId: number, now: number): Promise<HostSeries> {
    const own = new HostSeries(db, hostId);
    const schemas = await db.$queryRaw<
      { sourceId: number; kind: string; name: string; id: number; intervalMs: number; seriesIds: number[] }[]
    >`
      SELECT DISTINCT ON (s.id) s.id AS "sourceId", s.kind, s.name, fs.id, fs.interval_ms AS "intervalMs", fs.series_ids AS "seriesIds"
      FROM source s JOIN frame_schema fs ON fs.host_id = s.host_id AND fs.source_id = s.id
      WHERE s.host_id = ${hostId} ORDER BY s.id, fs.id DESC`;
    const ids = schemas.flatMap(({ seriesIds }) => seriesIds);
    const rows = await db.$queryRaw<SeriesRow[]>`
      SELECT id, source_id AS "sourceId", metric, labels_key AS "labelsKey", kind::text AS kind, unit, help FROM series
      WHERE host_id = ${hostId} AND id = ANY(${ids}::int[])`;
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { sourceId, kind, name, id, intervalMs, seriesIds } of schemas) {
      const source = own.#sourceOf(sourceId, originOf({ kind, name }));
      [source.schema, source.intervalMs] = [{ id, seriesIds }, intervalMs];
      for (const [position, seriesId] of seriesIds.entries()) {
        const row = byId.get(seriesId);
        if (row) own.#slot(row, source, position, now);
      }
    }
    return own;
  }

  find(key: string): Slot | undefined {
    return this.#slots.get(key);
  }

  /** Whether a slot is one of these: those of before a reading anew are not. */
  owns({ source }: Slot): boolean {
    return this.#sources.get(source.id) === source;
  }

  /** How many series go on. */
  countLive(): number {
    return [...this.#sources.values()].reduce((sum, source) => sum + source.live().length, 0);
  }

  /** Gives series a slot, and takes over what they now say they are. */
  register(series: NewSeries[], now: number): Promise<void> {
    return this.#inTurn(async () => {
      for (let n = 0; n < series.length; n += BATCH) await this.#register(series.slice(n, n + BATCH), now);
    });
  }

  /** Has the sources that have another interval now go on with a schema of that. */
  adaptIntervals(sources: Iterable<GrowingSource>): Promise<void> {
    const changed = [...sources].filter(
      ({ cadence, intervalMs, schema }) => schema.id > 0 && cadence.estimate(intervalMs) !== intervalMs,
    );
    if (changed.length === 0) return Promise.resolve();
    return this.#inTurn(async () => {
      for (const source of changed) await changeInterval(this.#db, source, source.cadence.estimate(source.intervalMs));
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #register(series: NewSeries[], now: number): Promise<void> {
    const rooms = Map.groupBy(this.#sources.values(), ({ origin }) => origin);
    const wanted = series.map((entry) => ({ ...entry, origin: originOf(entry.source) }));
    const apply = await this.#db.$transaction(async (tx) => {
      // Compaction has a lock of each source; this one is of all the host's.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${this.#hostId}::int, 0)`;
      const rows = await findOrCreateSeries(tx, this.#hostId, wanted, rooms);
      const bySource = Map.groupBy(rows, ({ sourceId }) => sourceId);
      const done: (() => void)[] = [];
      for (const [sourceId, own] of bySource) {
        const source = this.#sourceOf(sourceId, own[0]?.origin ?? "");
        const schema = await schemaWith(
          tx,
          source,
          own.map(({ id }) => id),
        );
        done.push(() => {
          this.#adopt(source, schema);
          for (const row of own) this.#slot(row, source, schema.seriesIds.indexOf(row.id), now);
        });
      }
      return done;
    }, TRANSACTION);
    for (const take of apply) take();
  }

  #sourceOf(id: number, origin: string): GrowingSource {
    const source = this.#sources.get(id) ?? new GrowingSource(this.#hostId, id, origin);
    this.#sources.set(id, source);
    return source;
  }

  /** Goes on with a schema, in which series that have ended may be missing. */
  #adopt(source: GrowingSource, schema: GrowingSource["schema"]): void {
    if (source.schema.id === schema.id) {
      source.schema.seriesIds = schema.seriesIds;
      return;
    }
    source.schema = schema;
    const positions = new Map(schema.seriesIds.map((id, position) => [id, position]));
    for (const slot of source.slots.values()) {
      const position = positions.get(slot.seriesId);
      if (position !== undefined) slot.position = position;
      else {
        source.slots.delete(slot.seriesId);
        slot.position = -1;
        if (this.#slots.get(slot.key) === slot) this.#slots.delete(slot.key);
      }
    }
  }

  #slot(row: SeriesRow, source: GrowingSource, position: number, now: number): void {
    const { id: seriesId, metric, kind, unit, help } = row;
    const key = seriesKey(metric, row.labelsKey);
    const there = source.slots.get(seriesId);
    if (there) Object.assign(there, { kind, unit, help, position });
    const slot = there ?? {
      ...{ seriesId, metric, key, kind, unit, help, source, position },
      ...{ lastAt: 0, seenAt: now, stale: false },
    };
    source.slots.set(seriesId, slot);
    // Of several kinds the one that came last goes on.
    const former = this.#slots.get(key);
    if (!former || former.seriesId <= seriesId) this.#slots.set(key, slot);
  }
}
