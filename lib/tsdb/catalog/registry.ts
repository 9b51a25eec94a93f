import { createHash } from "node:crypto";
import type { Database } from "#lib/db/client.ts";
import { findOrCreate } from "#lib/db/unique.ts";
import { invalidField } from "#lib/errors.ts";
import { metricInfo } from "#lib/metrics/catalogue.ts";
import { type Frame, frameShape, labelsKey, type Reading, type SeriesMetadata } from "#lib/metrics/frame.ts";

/** Where the values of a frame go: the ids that stand for its names. */
export type FrameTarget = { hostId: number; sourceId: number; frameSchemaId: number };

/** So many shapes are remembered: some kilobytes each. */
const MAX_SHAPES = 10_000;
const SOURCE_KIND = /^[a-z][a-z0-9_.-]{0,62}$/;

/** What a reading says it is, filled up from the catalogue. */
function metadataOf({ metric, unit, kind, help }: Reading): SeriesMetadata {
  const usual = metricInfo(metric);
  return { unit: unit ?? usual.unit, kind: kind ?? usual.kind, help: help ?? usual.help };
}

/**
 * Finds, or makes, the ids of sources, series and frame schemas, of any number of hosts. Each shape of frame is looked up once. A series is
 * its metric, labels and kind, so that a metric whose kind changes goes on as a series of its own; unit and help are those that came last.
 */
export class Registry {
  readonly #db: Database;
  readonly #targets = new Map<string, Promise<FrameTarget>>();
  readonly #maxShapes: number;

  constructor(db: Database, maxShapes = MAX_SHAPES) {
    this.#db = db;
    this.#maxShapes = maxShapes;
  }

  /** @throws DomainError validation for a kind of source that is no plain name */
  resolve(hostId: number, frame: Frame): Promise<FrameTarget> {
    const shape = `${hostId} ${frameShape(frame)}`;
    let target = this.#targets.get(shape);
    if (!target) {
      // One that comes again is only looked up once more: shapes that change without end must not fill the memory.
      if (this.#targets.size >= this.#maxShapes) this.#targets.delete(this.#targets.keys().next().value ?? "");
      target = this.#register(hostId, frame);
      this.#targets.set(shape, target);
      target.catch(() => this.#targets.delete(shape));
    }
    return target;
  }

  async #register(hostId: number, frame: Frame): Promise<FrameTarget> {
    const { kind, name } = frame.source;
    if (!SOURCE_KIND.test(kind)) {
      const message = `"${kind}" is no kind of source: write a lower-case name such as host or postgres`;
      throw invalidField("source.kind", message);
    }
    const named = { hostId, kind, name };
    // Read first: after a restart a thousand hosts come at once, whose shapes are all there.
    const source = await findOrCreate(
      () => this.#db.source.findUnique({ where: { hostId_kind_name: named } }),
      () => this.#db.source.createMany({ data: named, skipDuplicates: true }),
    );
    const seriesIds = await this.#seriesIds(hostId, source.id, frame.readings);
    const seriesHash = createHash("sha256").update(seriesIds.join(",")).digest("base64url");
    const key = { hostId, sourceId: source.id, intervalMs: frame.intervalMs, seriesHash };
    const where = { hostId_sourceId_intervalMs_seriesHash: key };
    const schema = await findOrCreate(
      () => this.#db.frameSchema.findUnique({ where, select: { id: true } }),
      () => this.#db.frameSchema.createMany({ data: { ...key, seriesIds }, skipDuplicates: true }),
    );
    return { hostId, sourceId: source.id, frameSchemaId: schema.id };
  }

  /** The ids of the series of some readings, in their order. */
  async #seriesIds(hostId: number, sourceId: number, readings: Reading[]): Promise<number[]> {
    const wanted = readings.map((reading) => ({
      metric: reading.metric,
      labelsKey: labelsKey(reading.labels),
      labels: reading.labels,
      ...metadataOf(reading),
    }));
    const keyOf = (series: { metric: string; labelsKey: string; kind: string }) =>
      `${series.metric}\n${series.labelsKey}\n${series.kind}`;
    const read = async () => {
      const rows = await this.#db.series.findMany({ where: { hostId, sourceId }, omit: { labels: true } });
      return new Map(rows.map((row) => [keyOf(row), row]));
    };
    let stored = await read();
    const missing = wanted.filter((series) => !stored.has(keyOf(series)));
    if (missing.length > 0) {
      const data = missing.map((series) => ({ hostId, sourceId, ...series }));
      await this.#db.series.createMany({ data, skipDuplicates: true });
      stored = await read();
    }
    for (const series of wanted) {
      const row = stored.get(keyOf(series));
      if (!row || (row.unit === series.unit && row.help === series.help)) continue;
      await this.#db.series.update({
        where: { hostId_id: { hostId, id: row.id } },
        data: { unit: series.unit, help: series.help },
      });
    }
    return wanted.map((series) => (stored.get(keyOf(series)) as { id: number }).id);
  }
}
